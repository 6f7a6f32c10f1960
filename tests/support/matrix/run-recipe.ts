import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import { execa } from 'execa';
import { makeRepository } from '../repository/make.ts';
import { layTests } from '../repository/recipe.ts';
import type { Expectation } from './expectation.ts';

const top = join(import.meta.dirname, '..', '..', '..');
/** A run that takes longer hangs, ms. */
const limitMs = 600_000;

export type RecipeRun = {
  readonly exit: number;
  readonly records: readonly AnyRecord[];
  readonly stderr: string;
  readonly plan: Plan | null;
  /** Null where the run never came to results. */
  readonly results: Results | null;
  readonly domain: string | null;
  /** The run's directory. */
  readonly dir: string;
};

/** Runs a test recipe by hand, with no forge, in a folder of its own. */
export async function runRecipe(
  { recipe, ref, trigger, beside, config }: Expectation,
  dir: string,
): Promise<RecipeRun> {
  const state = join(dir, 'state');
  const testsDir = join(dir, 'tests');
  await mkdir(testsDir, { recursive: true });
  let commit = '';
  for (const name of [...beside, recipe]) {
    const { commits } = await makeRepository({ recipe: name, into: join(dir, `${name}.git`) });
    commit = commits[ref] ?? ref;
    await layTests(name, join(testsDir, name));
  }
  // A browser for each deployment would make every recipe's run longer.
  const stage = { screenshots: false, card: false, ...(config.stage as object | undefined) };
  const configFile = join(dir, 'ccci.json');
  await writeFile(configFile, JSON.stringify({ state, testsDir, ...config, stage }));
  const line = { type: 'trigger', repo: join(dir, `${recipe}.git`), ref: commit, ...trigger };
  const { exitCode, stdout, stderr } = await execa('ccci-stage', [], {
    cwd: dir,
    input: `${JSON.stringify(line)}\n`,
    env: {
      PATH: `${join(top, 'dist', 'bin')}:${process.env.PATH}`,
      HOME: dir,
      CCCI_CONFIG: configFile,
      DOCKER_HOST: process.env.DOCKER_HOST ?? '',
      DOCKER_CONFIG: process.env.DOCKER_CONFIG ?? '',
    },
    extendEnv: false,
    reject: false,
    timeout: limitMs,
    maxBuffer: 100 * 1024 * 1024,
  });
  const records = stdout
    .split('\n')
    .filter((text) => text.startsWith('{'))
    .map((text) => JSON.parse(text) as AnyRecord);
  const started = records.find((record) => record.type === 'run.started');
  const run = String(records.find((record) => record.run !== undefined)?.run ?? '');
  const runs = join(state, 'runs');
  const hasResults = run !== '' && existsSync(join(runs, run, 'results.json'));
  return {
    exit: exitCode ?? -1,
    records,
    stderr,
    plan: (records.find((record) => record.type === 'plan') as unknown as Plan | undefined) ?? null,
    results: (hasResults ? await readResults(runs, run) : null) ?? null,
    domain: started === undefined ? null : String(started.domain),
    dir: join(runs, run),
  };
}
