import { z } from 'zod';
import { exampleAt, exampleKey, runIdSchema, stampShape } from './common.ts';

/**
 * What the janitor did with one thing: `removed` it, `left` it where it is because it could not be removed or may not
 * be, `kept` for people, `requeued` a trigger whose stage has died, `finished` one whose run was over, `opened` a slot.
 */
export const didSchema = z.enum(['removed', 'left', 'kept', 'requeued', 'finished', 'opened']);
export type Did = z.infer<typeof didSchema>;

/** One thing that the janitor found to do; with `dry` it was only looked at. */
export const janitorSchema = z.looseObject({
  type: z.literal('janitor'),
  ...stampShape,
  did: didSchema,
  /** In words: `volume blog_data`, `directory of run gitea-14497`. */
  what: z.string().min(1),
  /** For something that was left, the engine's or the system's reason. */
  why: z.string().min(1),
  run: runIdSchema.optional(),
  dry: z.boolean(),
});
export type JanitorRecord = z.infer<typeof janitorSchema>;

export const janitorExample: JanitorRecord = {
  type: 'janitor',
  v: 1,
  at: exampleAt,
  by: 'ccci-janitor/0.1.0',
  did: 'removed',
  what: 'volume ghos-a94a8f_ccci_test_data',
  why: 'its run is dead',
  run: exampleKey,
  dry: false,
};
