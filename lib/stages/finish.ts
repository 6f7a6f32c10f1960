import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LintReport } from '../lint/lint-recipe.ts';
import type { Changes } from '../records/changes.ts';
import { stamp } from '../records/encode.ts';
import type { Plan } from '../records/plan.ts';
import type { ResultStage, Results } from '../records/results.ts';
import { buildResults } from '../results/build.ts';
import type { EventLog } from '../runs/events.ts';
import { readHistory } from '../runs/list.ts';
import type { Masker } from '../runs/mask.ts';
import type { RunDirectory } from '../runs/open.ts';
import { writeResults } from '../runs/results.ts';
import { scanArtefacts } from '../runs/scan.ts';
import { compareWithHistory } from './differences.ts';
import { type Ended, endedFromOutside } from './ended.ts';
import { writeJunit } from './junit.ts';
import type { RunOptions } from './run.ts';
import type { ScreenshotName } from './screenshot.ts';

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
  readonly isKept?: boolean;
  /** Images of both sides, name to content. */
  readonly images: Readonly<Record<string, string>>;
  /** Pictures that the stages took, file names. */
  readonly pictures: ReadonlySet<ScreenshotName>;
  readonly operator: readonly string[];
  readonly changes?: Changes | undefined;
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
  const environment = { ...(await options.environment()), images: finishing.images };
  const flags = await scanned(finishing);
  const judged = buildResults({
    run: options.run,
    kind: options.kind,
    scope: plan.scope,
    plan,
    started: epochSeconds(finishing.startedAt),
    finished: epochSeconds(options.stamping.now()),
    stages: finishing.stages,
    lint: finishing.lint,
    ended: endedFromOutside(finishing.ended),
    flags: {
      ...flags,
      clean_teardown: finishing.clean,
      ...(finishing.isKept === true ? { kept: true } : {}),
    },
    operator: finishing.operator,
    changes: finishing.changes,
    pictures: taken(finishing),
    environment,
    customization: customizationOf(plan),
    dirty: finishing.dirty,
  });
  const results = await withCard(judged, finishing);
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

/** What the scan for secrets has left of the pictures. */
function taken({ pictures, directory }: Finishing): Partial<Results> {
  const named = (name: ScreenshotName) =>
    pictures.has(name) && existsSync(join(directory.dir, name)) ? name : null;
  return { screenshot: named('screenshot.png'), screenshot_upgrade: named('screenshot-upgrade.png') };
}

/** Draws what shows the result. Presentation never changes a verdict: where it fails, that is said, and that is all. */
async function withCard(
  results: Results,
  { options, directory, masker, ...run }: Finishing,
): Promise<Results> {
  if (options.draw === undefined) return results;
  const { card, problem } = await options.draw(results, { dir: directory.dir, finds: masker.finds });
  if (problem !== null) {
    const line = `no summary card: ${masker.mask(problem)}`;
    const fields = {
      type: 'log',
      key: run.plan.key,
      run: options.run,
      stage: 'teardown',
      tool: 'card',
      line,
    };
    await run.events.append(stamp(fields, options.stamping));
  }
  return { ...results, summary_card: card };
}

/** What the scan found is said in the log; only a scan that came to its end can say that nothing leaked. */
async function scanned(finishing: Finishing): Promise<Pick<Results['flags'], 'no_secret_leak'>> {
  const { directory, events, masker, plan, options } = finishing;
  const { leaking, problem } = await scanArtefacts(directory.dir, masker);
  const words = [
    ...leaking.map((name) => `${name} held a secret and is withheld`),
    ...(problem === null ? [] : [`the scan for secrets did not come to its end: ${problem}`]),
  ];
  for (const line of words) {
    const fields = { type: 'log', key: plan.key, run: options.run, stage: 'teardown', tool: 'scan', line };
    await events.append(stamp(fields, options.stamping));
  }
  return {
    no_secret_leak: words.length === 0,
    ...(leaking.length === 0 ? {} : { withheld: [...leaking] }),
    ...(problem === null ? {} : { scan: problem }),
  };
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
