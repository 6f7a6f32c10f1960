import type { LintReport } from '../lint/lint-recipe.ts';
import type { StageName } from '../records/common.ts';
import type { ResultStage } from '../records/results.ts';
import { makeServiceLogs } from '../runs/service-logs.ts';
import { followLogs } from '../swarm/logs.ts';
import { backUp } from './backup.ts';
import type { RunContext } from './context.ts';
import { custom } from './custom.ts';
import { type Ended, endedBy } from './ended.ts';
import { install } from './install.ts';
import { lint } from './lint.ts';
import { judgeSides, type Sides } from './policy.ts';
import type { Prepared } from './prepare.ts';
import { pullImages } from './pull.ts';
import { restore } from './restore.ts';
import { tearDown } from './teardown.ts';
import { upgrade } from './upgrade.ts';

export type Played = {
  readonly ended: Ended | null;
  readonly lint: LintReport | null;
  /** Nothing of the run is left on the engine. */
  readonly clean: boolean;
};

/**
 * All stages between checkout and result, in the order of stages.md: two deployments, so that a failed upgrade spoils
 * nothing else, and a teardown on every path.
 */
export async function playStages(context: RunContext): Promise<Played> {
  const logs = watchLogs(context);
  let report: LintReport | null = null;
  let ended: Ended | null = null;
  try {
    const sides: Sides = { head: null, base: null, baseProblem: null };
    const policy = await context.recorder.stage('policy', () => judgeSides(context, sides));
    await context.recorder.stage('lint', async () => {
      const { report: made, ...outcome } = await lint(context);
      report = made;
      return outcome;
    });
    if (policy.status === 'pass') await deployBoth(context, sides);
  } catch (error) {
    ended = endedBy(context.signal);
    if (ended === null) throw error;
  } finally {
    await removeAll(context).finally(logs.stop);
  }
  return { ended, lint: report, clean: isClean(context.recorder.rows()) };
}

async function deployBoth(context: RunContext, sides: Sides): Promise<void> {
  if (!(await readyToDeploy(context, sides)) || sides.head === null) return;
  await deployCommit(context, sides.head);
  if (!plans(context, 'upgrade')) return;
  if (sides.base === null) {
    await context.recorder.missed('upgrade', sides.baseProblem ?? 'there is no base to upgrade from');
    return;
  }
  const base = sides.base;
  if (!(await clearFor(context, 'upgrade'))) return;
  await context.recorder.stage('upgrade', () => upgrade(context, base));
}

/** Dependencies and images: what has to be there before anything is deployed. */
async function readyToDeploy(context: RunContext, sides: Sides): Promise<boolean> {
  if (context.settings.needs.length > 0) {
    const names = context.settings.needs.join(', ');
    await context.recorder.missed('needs', `this version of ccci cannot deploy dependencies yet: ${names}`);
  }
  const pull = await context.recorder.stage('pull', () => pullImages(context, sides));
  return pull.status === 'pass';
}

/** Deployment A: the commit under test on empty volumes; rungs 1, 3 and 4. */
async function deployCommit(context: RunContext, head: Prepared): Promise<void> {
  const installed = await context.recorder.stage('install', () => install(context, head));
  const rest = ['backup', 'restore', 'custom'] as const;
  if (installed.status === 'fail') {
    for (const name of rest)
      if (plans(context, name)) await context.recorder.missed(name, 'not run: install failed');
    return;
  }
  await withBackup(context, head);
  if (plans(context, 'custom')) await context.recorder.stage('custom', () => custom(context));
}

async function withBackup(context: RunContext, head: Prepared): Promise<void> {
  if (!plans(context, 'backup')) return;
  let snapshot: Awaited<ReturnType<typeof backUp>>['taken'] = null;
  const row = await context.recorder.stage('backup', async () => {
    const { taken, ...outcome } = await backUp(context, head);
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
  await context.recorder.stage('restore', () => restore(context, head, taken));
}

/** Between two deployments everything of the first one goes; what cannot be removed would spoil the second. */
async function clearFor(context: RunContext, next: StageName): Promise<boolean> {
  const { clean, summary } = await tearDown(context);
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

/** Follows the logs of all services into files and records; secrets are masked before anything is written. */
function watchLogs(context: RunContext): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const files = makeServiceLogs(context.directory.dir, Date.now);
  const follower = followLogs(context.engine, {
    stack: context.stack,
    onLines: (service, lines) => {
      const stage = context.recorder.present();
      for (const line of lines) {
        const taken = files.take(service, context.masker.mask(line));
        if (taken !== null) void context.recorder.emit({ type: 'log', stage, service, ...taken });
      }
      return files.full();
    },
    signal: stopping.signal,
  });
  context.scratch.lastLine = (service) => {
    const line = follower.last(service);
    return line === null ? null : context.masker.mask(line);
  };
  return {
    stop: async () => {
      stopping.abort();
      await follower.done;
      await files.flush();
    },
  };
}
