import { z } from 'zod';
import { exampleAt, exampleHash, exampleKey, hashSchema, keyedShape, stageNameSchema } from './common.ts';

export const pullSchema = z.looseObject({
  number: z.int().positive(),
  url: z.string(),
  title: z.string(),
  fork: z.boolean(),
  base: z.looseObject({ ref: z.string(), sha: hashSchema }),
  head: z.looseObject({ ref: z.string(), sha: hashSchema }),
});

export const commentSchema = z.looseObject({
  id: z.int().positive(),
  url: z.string(),
  author: z.string(),
  created: z.iso.datetime({ offset: true }),
});

/** What a person asked for beyond the word itself; empty is a full run. */
export const optionsSchema = z.looseObject({
  quick: z.boolean().optional(),
  stages: z.array(stageNameSchema).optional(),
  /** A commit of 7 to 40 hexadecimal digits, as it was written. */
  commit: z.string().optional(),
});

/** Something that is to be tested: one comment, one sweep entry, or a line by hand. */
export const triggerSchema = z.looseObject({
  type: z.literal('trigger'),
  ...keyedShape,
  source: z.enum(['poll', 'hook', 'sweep', 'hand']),
  /** Name of the forge in the configuration; absent for a trigger by hand. */
  forge: z.string().optional(),
  owner: z.string().optional(),
  name: z.string().optional(),
  recipe: z.string().min(1),
  /** Clone URL, or a path for a trigger by hand. */
  repo: z.string().min(1),
  ref: hashSchema,
  pr: pullSchema.optional(),
  comment: commentSchema.optional(),
  options: optionsSchema,
  /** Name of the queue file; only who can claim it runs it (triggers.md, step 5). */
  spool: z.string().optional(),
  /** Order of acceptance, given by dedupe: the higher is the newer (triggers.md, step 14). */
  seq: z.int().nonnegative().optional(),
  /** True where a local checkout is tested as it is, uncommitted files included (`+U`). */
  worktree: z.boolean().optional(),
});

export type Trigger = z.infer<typeof triggerSchema>;
export type Pull = z.infer<typeof pullSchema>;
export type TriggerOptions = z.infer<typeof optionsSchema>;

export const triggerExample: Trigger = {
  type: 'trigger',
  v: 1,
  at: exampleAt,
  by: 'ccci-poll/0.1.0',
  key: exampleKey,
  source: 'poll',
  forge: 'gitea',
  owner: 'recipes',
  name: 'ghost',
  recipe: 'ghost',
  repo: 'https://git.example.org/recipes/ghost.git',
  ref: exampleHash,
  pr: {
    number: 3,
    url: 'https://git.example.org/recipes/ghost/pulls/3',
    title: 'chore: upgrade to 6.1.0',
    fork: false,
    base: { ref: 'main', sha: '1111111111111111111111111111111111111111' },
    head: { ref: 'upgrade', sha: exampleHash },
  },
  comment: {
    id: 14497,
    url: 'https://git.example.org/recipes/ghost/pulls/3#issuecomment-14497',
    author: 'ana',
    created: '2026-11-23T10:14:58Z',
  },
  options: {},
};
