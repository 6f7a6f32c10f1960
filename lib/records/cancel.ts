import { z } from 'zod';
import { exampleAt, exampleKey, keyedShape } from './common.ts';
import { commentSchema, pullSchema } from './trigger.ts';

/** `!cancel`: whatever waits or runs for this pull request is to end. */
export const cancelSchema = z.looseObject({
  type: z.literal('cancel'),
  ...keyedShape,
  forge: z.string(),
  owner: z.string(),
  name: z.string(),
  pr: pullSchema,
  /** What asked for it; of a closed pull request the event of the timeline, which has an id of the same sequence. */
  comment: commentSchema,
  /** Why: a `!cancel` (when absent), or because the pull request was closed. */
  why: z.enum(['comment', 'closed']).optional(),
  /** Order of acceptance, given by dedupe. */
  seq: z.int().nonnegative().optional(),
});
export type Cancel = z.infer<typeof cancelSchema>;

export const cancelExample: Cancel = {
  type: 'cancel',
  v: 1,
  at: exampleAt,
  by: 'ccci-poll/0.1.0',
  key: exampleKey,
  forge: 'gitea',
  owner: 'recipes',
  name: 'ghost',
  pr: {
    number: 3,
    url: 'https://git.example.org/recipes/ghost/pulls/3',
    title: 'chore: upgrade to 6.1.0',
    fork: false,
    base: { ref: 'main', sha: '1111111111111111111111111111111111111111' },
    head: { ref: 'upgrade', sha: '720faa0bebc4720faa0bebc4720faa0bebc4720f' },
  },
  comment: {
    id: 14497,
    url: 'https://git.example.org/recipes/ghost/pulls/3#issuecomment-14497',
    author: 'ana',
    created: '2026-11-23T10:14:58Z',
  },
};
