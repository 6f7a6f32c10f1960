import { z } from 'zod';
import { exampleAt, exampleKey, runShape } from './common.ts';

export const saysSchema = z.enum([
  'this-change',
  'already-broken',
  'both-broken-differently',
  'environment',
  'flaky',
  'fixed',
  'not-known',
]);

/** Whose doing a red run is; source: stages.md, Attribution of red. */
export const attributionSchema = z.looseObject({
  type: z.literal('attribution'),
  ...runShape,
  says: saysSchema,
  detail: z.string(),
  commits: z.array(z.string()).max(2),
  runs: z.array(z.string()),
  differences: z.array(z.string()),
});
export type Attribution = z.infer<typeof attributionSchema>;

export const attributionExample: Attribution = {
  type: 'attribution',
  v: 1,
  at: exampleAt,
  by: 'ccci-stage/0.1.0',
  key: exampleKey,
  run: exampleKey,
  says: 'this-change',
  detail: 'the tip of main passes upgrade in the same environment',
  commits: ['720faa0bebc4', '111111111111'],
  runs: ['gitea-14497', 'gitea-14497.control'],
  differences: [],
};
