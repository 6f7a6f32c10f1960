import type { Trigger } from '../records/trigger.ts';
import type { EventLog } from '../runs/events.ts';
import { type Masker, makeMasker } from '../runs/mask.ts';
import type { RunDirectory } from '../runs/open.ts';
import { makeRecorder, type Recorder } from './recorder.ts';
import type { RunOptions } from './run.ts';
import type { TimeLimit } from './time-limit.ts';

/** What a run has before anything else. */
type Opened = {
  readonly events: EventLog;
  readonly directory: RunDirectory;
  readonly limit: TimeLimit;
};

/** A run whose checkout goes on: it has its directory and its log, and nothing is known of its commit. */
export type Begun = Opened & {
  readonly startedAt: Date;
  readonly masker: Masker;
  readonly recorder: Recorder;
  readonly endCheckout: Awaited<ReturnType<Recorder['open']>>;
};

/** The first records of a run: its trigger, and that its checkout begins, which a large repository makes long. */
export async function beginRun(
  trigger: Trigger,
  options: Pick<RunOptions, 'run' | 'attempt' | 'stamping'>,
  opened: Opened,
): Promise<Begun> {
  const { events, limit } = opened;
  await events.append(trigger);
  const startedAt = options.stamping.now();
  const masker = makeMasker();
  const recorder = makeRecorder({ ...options, signal: limit.signal, key: trigger.key, events, masker });
  return { ...opened, startedAt, masker, recorder, endCheckout: await recorder.open('checkout') };
}
