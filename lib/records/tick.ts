import { z } from 'zod';
import { exampleAt, instantSchema, stampShape } from './common.ts';

/**
 * How far poll has read. `since` is an instant of the forge's clock; `pulls` remembers, for the overlap, what was
 * seen last of each pull request (`<owner>/<name>#<number>` to its `updated_at` and the ids of its comments).
 */
export const cursorSchema = z.looseObject({
  since: z.iso.datetime({ offset: true }),
  sweptAt: z.iso.datetime({ offset: true }).optional(),
  pulls: z.record(z.string(), z.looseObject({ updated: z.string(), comments: z.array(z.int()) })).optional(),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** Cursors by `<forge>/<organisation>` or `<forge>/<owner>/<repository>`. */
export const cursorsSchema = z.record(z.string(), cursorSchema);
export type Cursors = z.infer<typeof cursorsSchema>;

/**
 * How polling a source goes. `at`: when it was last asked; `good`: when everything of it was last read and judged,
 * null for never; `failures`: ticks since then that failed; `says`: what went wrong last, null when nothing did.
 */
export const sourceHealthSchema = z.looseObject({
  at: instantSchema,
  good: instantSchema.nullable(),
  failures: z.int().nonnegative(),
  says: z.string().nullable(),
});
export type SourceHealth = z.infer<typeof sourceHealthSchema>;

/** The health of all sources, by the key of their cursors. */
export const ticksSchema = z.record(z.string(), sourceHealthSchema);
export type Ticks = z.infer<typeof ticksSchema>;

/** One poll finished; its cursors say how far everything before it in the stream reaches. */
export const tickSchema = z.looseObject({
  type: z.literal('tick'),
  ...stampShape,
  cursors: cursorsSchema,
  calls: z.int().nonnegative(),
  /** Pull requests that had moved. */
  changed: z.int().nonnegative(),
  triggers: z.int().nonnegative(),
  ms: z.number().nonnegative(),
  /** How each source is, the ones that were not asked this time too. */
  sources: ticksSchema.optional(),
});
export type Tick = z.infer<typeof tickSchema>;

export const tickExample: Tick = {
  type: 'tick',
  v: 1,
  at: exampleAt,
  by: 'ccci-poll/0.1.0',
  cursors: { 'gitea/recipes': { since: '2026-11-23T10:15:00Z' } },
  calls: 1,
  changed: 0,
  triggers: 0,
  ms: 31,
  sources: { 'gitea/recipes': { at: exampleAt, good: exampleAt, failures: 0, says: null } },
};
