import type { LintReport } from '../lint/lint-recipe.ts';
import { notFresh } from '../plan/stages.ts';
import type { StageName } from '../records/common.ts';
import type { ResultStage } from '../records/results.ts';
import { backUp } from './backup.ts';
import type { RunContext } from './context.ts';
import { custom } from './custom.ts';
import { type Ended, endedBy } from './ended.ts';
import { finishInstall, install } from './install.ts';
import { keepDeployment, toBeKept } from './keep.ts';
import { lint } from './lint.ts';
import { deployNeeds } from './needs.ts';
import { judgeWithNeeds, withNeeds } from './needs-settings.ts';
import { judgeSides, type Sides } from './policy.ts';
import type { Prepared } from './prepare.ts';
import { pullImages } from './pull.ts';
import { restore } from './restore.ts';
import { runStage } from './run-stage.ts';
import { clearDeployment, tearDown } from './teardown.ts';
import { upgradeFrom } from './upgrade-from.ts';
import { watchLogs } from './watch-logs.ts';

export type Played = {
  readonly ended: Ended | null;
  readonly lint: LintReport | null;
  /** Nothing of the run is left on the engine. */
  readonly clean: boolean;
  /** Its deployment stays up, for tests to be run against it again. */
  readonly isKept: boolean;
};

export type PlayOptions = {
  /** The commit's deployment comes last, and is not removed when the run is through. */
  readonly keep: boolean;
  readonly now: () => Date;
};

/**
 * All stages between checkout and result, in the order of stages.md: two deployments, so that a failed upgrade spoils
 * nothing else, and a teardown on every path. A run that keeps its deployment goes the other way round.
 */
export async function playStages(given: RunContext, options: PlayOptions): Promise<Played> {
  const context = options.keep ? toBeKept(given) : given;
  const logs = watchLogs(context);
  let report: LintReport | null = null;
  let ended: Ended | null = null;
  let isThrough = false;
  let isKept = false;
  try {
    const sides: Sides = { head: null, base: null, baseProblem: null };
    const before = withNeeds(context);
    const policy = await context.recorder.stage('policy', () => judgeSides(before, sides));
    await runStage(context, 'lint', async () => {
      const { report: made, ...outcome } = await lint(context);
      report = made;
      return outcome;
    });
    if (policy.status === 'pass') await deployAll(context, sides, options);
    isThrough = true;
  } catch (error) {
    ended = endedBy(context.signal);
    if (ended === null) throw error;
  } finally {
    isKept = await keepOrRemove(context, { ...options, keep: options.keep && isThrough }).finally(logs.stop);
  }
  return { ended, lint: report, clean: isClean(context.recorder.rows()), isKept };
}

async function keepOrRemove(context: RunContext, { keep, now }: PlayOptions): Promise<boolean> {
  if (keep && (await keepDeployment(context, now()))) return true;
  await removeAll(context);
  return false;
}

async function deployAll(before: RunContext, sides: Sides, { keep }: PlayOptions): Promise<void> {
  const context = await readyToDeploy(before, sides);
  if (context === null || sides.head === null) return;
  const { head } = sides;
  if (context.settings.deployments === 1 && sides.base !== null && plans(context, 'upgrade')) {
    await deployOnce(context, head, sides);
    return;
  }
  const parts: Part[] = [{ first: 'install', play: () => deployCommit(context, head) }];
  if (plans(context, 'upgrade')) parts.push({ first: 'upgrade', play: () => upgradeBase(context, sides) });
  await playParts(context, keep ? parts.reverse() : parts);
}

/** One of the two deployments, and the stage that it begins with. */
type Part = { readonly first: StageName; readonly play: () => Promise<unknown> };

async function playParts(context: RunContext, parts: readonly Part[]): Promise<void> {
  for (const [index, { first, play }] of parts.entries()) {
    if (index > 0 && !(await clearFor(context, first))) return;
    await play();
  }
}

/** Deployment B: the base, upgraded in place; rung 2. */
function upgradeBase(context: RunContext, sides: Sides): Promise<unknown> {
  return runStage(context, 'upgrade', async () => {
    const { landed: _landed, isBaseUnusable: _unusable, ...outcome } = await upgradeFrom(context, sides);
    return outcome;
  });
}

/** Dependencies and images: what has to be there before anything is deployed. Null where it is not. */
async function readyToDeploy(before: RunContext, sides: Sides): Promise<RunContext | null> {
  let context = before;
  if (before.settings.needs.length > 0) {
    await before.recorder.stage('needs', async () => {
      const outcome = await deployNeeds(before);
      context = withNeeds(before);
      return outcome.status === 'pass'
        ? ((await judgeWithNeeds(before, context, sides)) ?? outcome)
        : outcome;
    });
  }
  const pull = await context.recorder.stage('pull', () => pullImages(context, sides));
  return pull.status === 'pass' ? context : null;
}

/** Deployment A: the commit under test on empty volumes; rungs 1, 3 and 4. */
async function deployCommit(context: RunContext, head: Prepared): Promise<void> {
  const { row, isRun } = await runStage(context, 'install', () => install(context, head));
  if (row.status === 'fail' || !isRun) {
    const why = row.status === 'fail' ? 'install failed' : 'install did not run';
    for (const name of ['backup', 'restore', 'custom'] as const)
      if (plans(context, name)) await context.recorder.missed(name, `not run: ${why}`);
    return;
  }
  await testDeployed(context, head);
}

/** Of giants: the base, upgraded, and the rest on that; after a failed upgrade the commit is installed fresh. */
async function deployOnce(context: RunContext, head: Prepared, sides: Sides): Promise<void> {
  let landed: Prepared | null = null;
  const { row } = await runStage(context, 'upgrade', async () => {
    const { landed: next = null, isBaseUnusable: _unusable, ...outcome } = await upgradeFrom(context, sides);
    landed = next;
    return outcome;
  });
  if (row.status !== 'pass' || landed === null) {
    if (await clearFor(context, 'install')) await deployCommit(context, head);
    return;
  }
  const deployed: Prepared = landed;
  await runStage(context, 'install', async () => {
    const outcome = await finishInstall(context, deployed);
    return outcome.status === 'pass' ? { status: 'skip', summary: notFresh } : outcome;
  });
  await testDeployed(context, deployed);
}

async function testDeployed(context: RunContext, deployed: Prepared): Promise<void> {
  context.scratch.standing = deployed;
  await withBackup(context, deployed);
  if (plans(context, 'custom')) await runStage(context, 'custom', () => custom(context, deployed));
}

async function withBackup(context: RunContext, deployed: Prepared): Promise<void> {
  if (!plans(context, 'backup')) return;
  let snapshot: Awaited<ReturnType<typeof backUp>>['taken'] = null;
  const { row } = await runStage(context, 'backup', async () => {
    const { taken, ...outcome } = await backUp(context, deployed);
    snapshot = taken;
    return outcome;
  });
  if (!plans(context, 'restore')) return;
  if (snapshot === null) {
    await context.recorder.missed(
      'restore',
      `not run: backup ${row.status === 'fail' ? 'failed' : 'did not run'}`,
    );
    return;
  }
  const taken = snapshot;
  await runStage(context, 'restore', () => restore(context, deployed, taken));
}

/** Between two deployments everything of the first one goes; what cannot be removed would spoil the second. */
async function clearFor(context: RunContext, next: StageName): Promise<boolean> {
  const { clean, summary } = await clearDeployment(context);
  if (clean) return true;
  await context.recorder.missed(next, `not run: ${summary}`);
  return false;
}

async function removeAll(context: RunContext): Promise<void> {
  const unaborted = new AbortController().signal;
  await context.recorder.always('teardown', async () => {
    const { clean: _clean, ...outcome } = await tearDown({ ...context, signal: unaborted });
    return outcome;
  });
}

function plans(context: RunContext, name: StageName): boolean {
  return context.discovery.plan.stages.some((stage) => stage.name === name && stage.does === 'run');
}

function isClean(rows: readonly ResultStage[]): boolean {
  return rows.every((row) => row.name !== 'teardown' || row.status === 'pass');
}
