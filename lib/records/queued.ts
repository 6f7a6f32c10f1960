import { z } from 'zod';
import { exampleAt, exampleKey, keyedShape } from './common.ts';

/** A trigger waits: place in the queue (1 is next), the key it waits behind, and how long that may take. */
export const queuedSchema = z.looseObject({
  type: z.literal('queued'),
  ...keyedShape,
  place: z.int().positive(),
  behind: z.string().nullable(),
  etaMs: z.number().nonnegative().nullable(),
});
export type Queued = z.infer<typeof queuedSchema>;

export const queuedExample: Queued = {
  type: 'queued',
  v: 1,
  at: exampleAt,
  by: 'ccci-dedupe/0.1.0',
  key: exampleKey,
  place: 2,
  behind: 'gitea-14490',
  etaMs: 310000,
};
