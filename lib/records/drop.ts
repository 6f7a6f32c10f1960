import { z } from 'zod';
import { exampleAt, exampleKey, keyedShape } from './common.ts';
import { commentSchema, pullSchema } from './trigger.ts';

export const dropReasonSchema = z.enum([
  'duplicate',
  'history',
  'not-allowed',
  'not-enrolled',
  'not-a-recipe',
  'closed',
  'grammar',
  'help',
  'moved',
  'superseded',
  'cancelled',
  'limit',
  'gone',
]);
export type DropReason = z.infer<typeof dropReasonSchema>;

/** A trigger that will not run, and why in words. Where to answer, if anywhere, is carried along. */
export const dropSchema = z.looseObject({
  type: z.literal('drop'),
  ...keyedShape,
  reason: dropReasonSchema,
  detail: z.string(),
  forge: z.string().optional(),
  owner: z.string().optional(),
  name: z.string().optional(),
  pr: pullSchema.partial().optional(),
  comment: commentSchema.optional(),
});
export type Drop = z.infer<typeof dropSchema>;

export const dropExample: Drop = {
  type: 'drop',
  v: 1,
  at: exampleAt,
  by: 'ccci-poll/0.1.0',
  key: exampleKey,
  reason: 'not-allowed',
  detail: 'mallory is not a member of recipes and not on the allow list',
};
