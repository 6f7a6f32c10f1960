import { z } from 'zod';

/** Version of the contract; source: records.md. */
export const contractVersion = 1;

/** Keys are names of files and folders, so `.`, `..` and hidden ones are none; nor is what looks like a flag. */
export const keySchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,79}$/, 'expected 1 to 80 of a-z 0-9 . -, a letter or digit first');
/** A key, with room for `.2`, `.control`, `.repeat` behind it. */
export const runIdSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]{0,99}$/, 'expected 1 to 100 of a-z 0-9 . -, a letter or digit first');
export const instantSchema = z.iso.datetime({ precision: 3 });
/** A whole git hash. */
export const hashSchema = z.string().regex(/^[0-9a-f]{40}$/, 'expected 40 hexadecimal digits');

/** Fields of every record. `by` is program and version, or `hand`. */
export const stampShape = {
  v: z.literal(contractVersion),
  at: instantSchema,
  by: z.string().min(1),
};

/** Fields of every record of one trigger. */
export const keyedShape = { ...stampShape, key: keySchema };

/** Fields of every record of one run. */
export const runShape = { ...keyedShape, run: runIdSchema };

export const stageNames = [
  'checkout',
  'policy',
  'lint',
  'needs',
  'pull',
  'install',
  'upgrade',
  'backup',
  'restore',
  'custom',
  'teardown',
] as const;
export const stageNameSchema = z.enum(stageNames);
export type StageName = z.infer<typeof stageNameSchema>;

/** Status of stage, rung and test: `skip` does not apply (declared or structural), `unver` should have run and did not. */
export const statusSchema = z.enum(['pass', 'fail', 'skip', 'unver']);
export type Status = z.infer<typeof statusSchema>;

export const causeSchema = z.enum(['recipe', 'infra', 'policy']);
export type Cause = z.infer<typeof causeSchema>;

export const verdictSchema = z.enum([
  'cancelled',
  'superseded',
  'interrupted',
  'infra',
  'incomplete',
  'red',
  'green',
]);
export type Verdict = z.infer<typeof verdictSchema>;

export const kindSchema = z.enum(['pull', 'sweep', 'hand', 'control', 'repeat']);
export const scopeSchema = z.enum(['full', 'partial']);

/** The example instant of all examples. */
export const exampleAt = '2026-11-23T10:15:00.000Z';
export const exampleKey = 'gitea-14497';
export const exampleHash = '720faa0bebc4720faa0bebc4720faa0bebc4720f';
