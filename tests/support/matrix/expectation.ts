import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { recipesDir } from '../repository/recipe.ts';

/** A text, or `/regular expression/`. */
const wording = z.string().min(1);
const status = z.enum(['pass', 'fail', 'skip', 'unver']);

const expectationSchema = z.strictObject({
  /** The file of `tests/matrix` that runs it. */
  group: z.string().regex(/^[a-z]+$/),
  /** Smallest proof that runs it; `full` for what the small one shows by another recipe, or by a test of the parts. */
  size: z.enum(['small', 'full']).default('small'),
  /** What the recipe shows, one sentence, a lesson's number in front where one applies: the title of the test. */
  shows: z.string().min(10),
  verdict: z.enum(['cancelled', 'superseded', 'interrupted', 'infra', 'incomplete', 'red', 'green']),
  /** Null for a partial run. */
  level: z.int().min(0).max(5).nullable(),
  rungs: z.partialRecord(z.enum(['install', 'upgrade', 'backup_restore', 'functional', 'lint']), status),
  /** Stage to its summary. */
  summaries: z.record(z.string(), wording).default({}),
  /** Test records that must be there; what is left out is not compared. */
  tests: z
    .array(
      z.strictObject({
        stage: z.string(),
        name: wording,
        status,
        message: wording.optional(),
        file: z.string().optional(),
      }),
    )
    .default([]),
  /** What an operator must do, all of it, in order. */
  operator: z.array(wording).optional(),
  /** Warnings of the plan that must be there. */
  warnings: z.array(wording).default([]),
  /** Stage to the reason why it does not apply. */
  skips: z.record(z.string(), wording).default({}),
  /** Lines that must stand in `log` records. */
  says: z.array(wording).default([]),
  /** Branch or tag that is tested. */
  ref: z.string().default('pr'),
  /** Fields to add to the trigger. */
  trigger: z.record(z.string(), z.unknown()).default({}),
  /** Recipes whose repositories lie beside it, as dependencies do. */
  beside: z.array(z.string()).default([]),
  /** Configuration keys of the program's own file, `{stage: {…}}`. */
  config: z.record(z.string(), z.unknown()).default({}),
  /** Exit status of ccci-stage. */
  exit: z.int().default(0),
});

/** What the run of a test recipe has to end with: `expect.yml` in its folder. */
export type Expectation = z.infer<typeof expectationSchema> & { readonly recipe: string };

/** All recipes with an `expect.yml`, by name; what is wrong in one is an error that names the file. */
export function readExpectations(dir = recipesDir): Expectation[] {
  return readdirSync(dir)
    .sort()
    .flatMap((recipe) => {
      const file = join(dir, recipe, 'expect.yml');
      return existsSync(file) ? [{ recipe, ...readOne(file) }] : [];
    });
}

function readOne(file: string): z.infer<typeof expectationSchema> {
  const parsed = expectationSchema.safeParse(parse(readFileSync(file, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
}

/** Whether a text is as it is expected; a regular expression may match anywhere. */
export function isWorded(text: string | null | undefined, expected: string): boolean {
  const pattern = /^\/(.*)\/$/s.exec(expected)?.[1];
  return pattern === undefined ? text === expected : new RegExp(pattern, 'su').test(text ?? '');
}
