import { stamp } from '@ccci/lib/records/encode.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { type EventLog, openEventLog } from '@ccci/lib/runs/events.ts';
import { makeMasker } from '@ccci/lib/runs/mask.ts';
import { openRun, type RunDirectory } from '@ccci/lib/runs/open.ts';
import { beginRun } from '@ccci/lib/stages/begin.ts';
import { givenUp } from '@ccci/lib/stages/check-out.ts';
import { endedBy } from '@ccci/lib/stages/ended.ts';
import { finishRun } from '@ccci/lib/stages/finish.ts';
import { makeRecorder, type Recorder } from '@ccci/lib/stages/recorder.ts';
import type { RunEnd, RunOptions } from '@ccci/lib/stages/run.ts';
import { runPlan } from '@ccci/lib/stages/run-plan.ts';
import { makeTimeLimit } from '@ccci/lib/stages/time-limit.ts';
import { passGate } from './gate.ts';

/**
 * A run that deploys nothing and is green: its directory, log, results and commit are made by the same code as those
 * of a real one, in the same order; there is no summary card, which would take longer than all the rest. With `gates` it waits in its first stage until it is let through.
 */
export async function quickRun(trigger: Trigger, given: RunOptions, gates?: string): Promise<RunEnd> {
  const options: RunOptions = { ...given, draw: undefined };
  const directory = await openRun({ runs: options.runs, id: options.run });
  try {
    const events = await openEventLog(directory.dir);
    options.onEvents(events);
    try {
      const running = { trigger, options, directory, events, gates };
      return await (options.giveUp === undefined ? play(running) : giveUp(options.giveUp, running));
    } finally {
      await events.close();
    }
  } finally {
    await directory.close();
  }
}

type Running = {
  readonly trigger: Trigger;
  readonly options: RunOptions;
  readonly directory: RunDirectory;
  readonly events: EventLog;
  readonly gates: string | undefined;
};

async function giveUp(why: string, { trigger, options, directory, events }: Running): Promise<RunEnd> {
  const found = givenUp(trigger, why, options.stamping);
  if (found.kind !== 'failed') throw new Error(`a run that was given up is ${found.kind}`);
  const limit = makeTimeLimit(options.signal, () => performance.now());
  const begun = await beginRun(trigger, options, { events, directory, limit });
  return runPlan(trigger, found, options, begun).finally(limit.stop);
}

async function play(running: Running): Promise<RunEnd> {
  const { trigger, options, directory, events } = running;
  await events.append(trigger);
  const startedAt = options.stamping.now();
  const masker = makeMasker();
  const recorder = makeRecorder({ ...options, key: trigger.key, events, masker });
  const plan = planOf(trigger, options);
  await events.append(plan);
  await recorder.emit({
    type: 'run.started',
    recipe: plan.recipe,
    ref: plan.ref,
    base: null,
    domain: options.domain,
    kind: options.kind,
    scope: plan.scope,
    environment: await options.environment(),
  });
  await playStages(recorder, running).catch((error) => {
    if (!options.signal.aborted) throw error;
  });
  const ended = endedBy(options.signal);
  if (ended?.verdict === 'given-back') return { kind: 'given-back' };
  const results = await finishRun({
    plan,
    options,
    directory,
    events,
    masker,
    startedAt,
    stages: recorder.rows(),
    lint: null,
    ended,
    clean: true,
    images: {},
    operator: [],
    pictures: new Set(),
    dirty: false,
    headNow: null,
  });
  return { kind: 'finished', results, bugs: recorder.bugs(), failure: null };
}

async function playStages(recorder: Recorder, { trigger, options, gates }: Running): Promise<void> {
  const pass = { status: 'pass', on: trigger.ref } as const;
  await recorder.stage('install', async () => {
    if (gates !== undefined) await passGate(gates, [options.run, 'all'], options.signal);
    return pass;
  });
  recorder.setOn(trigger.ref);
  await recorder.stage('custom', async () => {
    await recorder.test({ name: 'answers', status: 'pass', ms: 1 });
    return pass;
  });
}

function planOf(trigger: Trigger, { stamping }: RunOptions): Plan {
  const reason = 'the quick stage has none';
  const skipped = ['upgrade', 'backup', 'restore', 'lint'] as const;
  return stamp(
    {
      type: 'plan' as const,
      key: trigger.key,
      trigger,
      recipe: trigger.recipe,
      ref: trigger.ref,
      version: null,
      base: null,
      scope: 'full' as const,
      stages: [
        { name: 'install' as const, does: 'run' as const, reason: null },
        { name: 'custom' as const, does: 'run' as const, reason: null },
        ...skipped.map((name) => ({ name, does: 'skip' as const, reason })),
      ],
      tests: [
        { stage: 'custom' as const, file: 'answers', runner: 'tap' as const, origin: 'operator' as const },
      ],
      hooks: [],
      overlays: [],
      settings: {},
      counts: { custom: 1 },
      tree: { path: null, commit: null },
      warnings: [],
    },
    stamping,
  );
}
