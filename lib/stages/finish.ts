import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LintReport } from '../lint/lint-recipe.ts';
import { stamp } from '../records/encode.ts';
import type { Plan } from '../records/plan.ts';
import type { ResultStage, Results } from '../records/results.ts';
import { buildResults } from '../results/build.ts';
import type { EventLog } from '../runs/events.ts';
import { readHistory } from '../runs/list.ts';
import type { Masker } from '../runs/mask.ts';
import type { RunDirectory } from '../runs/open.ts';
import { writeResults } from '../runs/results.ts';
import { compareWithHistory } from './differences.ts';
import { type Ended, endedFromOutside } from './ended.ts';
import { writeJunit } from './junit.ts';
import type { RunOptions } from './run.ts';

export type Finishing = {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly directory: RunDirectory;
  readonly events: EventLog;
  readonly masker: Masker;
  readonly startedAt: Date;
  readonly stages: readonly ResultStage[];
  readonly lint: LintReport | null;
  readonly ended: Ended | null;
  readonly clean: boolean;
  /** Images of both sides, name to content. */
  readonly images: Readonly<Record<string, string>>;
  readonly operator: readonly string[];
  readonly dirty: boolean;
  /** Head of the pull request now; null where it is not known. */
  readonly headNow: string | null;
};

/**
 * Ends a run: JUnit files, the scan for secrets, the verdict, then the commit in its order: `run.finished` into the
 * log, `results.json`, the journal, and only then the reader (triggers.md, step 10).
 */
export async function finishRun(finishing: Finishing): Promise<Results> {
  const { plan, options, directory, events } = finishing;
  await writeJunit(directory.dir, plan.recipe, finishing.stages);
  const environment = { ...options.environment, images: finishing.images };
  const leaking = await withholdLeaks(directory.dir, finishing.masker);
  const results = buildResults({
    run: options.run,
    kind: options.kind,
    scope: plan.scope,
    plan,
    started: epochSeconds(finishing.startedAt),
    finished: epochSeconds(options.stamping.now()),
    stages: finishing.stages,
    lint: finishing.lint,
    ended: endedFromOutside(finishing.ended),
    flags: { clean_teardown: finishing.clean, no_secret_leak: leaking.length === 0 },
    operator: finishing.operator,
    environment,
    customization: customizationOf(plan),
    dirty: finishing.dirty,
  });
  const history = await readHistory(options.runs, plan.recipe, options.run);
  const record = stamp(
    {
      type: 'run.finished',
      key: plan.key,
      run: options.run,
      ...results,
      head_now: finishing.headNow,
      ...compareWithHistory(history, environment),
    },
    options.stamping,
  );
  await events.appendHeld(record);
  await writeResults(directory.dir, results);
  await options.commit(record);
  events.release();
  return results;
}

/** Files that still hold a secret are withheld (security.md, row secrets); their names are given back. */
async function withholdLeaks(dir: string, masker: Masker): Promise<string[]> {
  const leaking: string[] = [];
  for (const folder of ['logs', 'junit', '.']) {
    const entries = await readdir(join(dir, folder), { withFileTypes: true });
    for (const entry of entries.filter((candidate) => candidate.isFile() && candidate.name !== 'lock')) {
      const path = join(dir, folder, entry.name);
      if (!masker.finds(await readFile(path, 'utf8'))) continue;
      leaking.push(join(folder, entry.name));
      if (entry.name !== 'events.ndjson') await rm(path);
    }
  }
  return leaking;
}

function customizationOf(plan: Plan): Record<string, unknown> {
  return {
    counts: plan.counts,
    tests: plan.tests.map(({ stage, file, runner, origin }) => ({ stage, file, runner, origin })),
    hooks: plan.hooks.map((hook) => hook.name),
    overlays: plan.overlays.map((overlay) => overlay.file),
    settings: plan.settings,
    tree: plan.tree,
    warnings: plan.warnings,
  };
}

function epochSeconds(at: Date): number {
  return at.getTime() / 1000;
}
