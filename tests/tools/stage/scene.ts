import { once } from 'node:events';
import { makeChannel } from '@ccci/lib/program/channel.ts';
import type { Cancel } from '@ccci/lib/records/cancel.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { type Ended, endedBy } from '@ccci/lib/stages/ended.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { listAccepted } from '@ccci/lib/state/accepted.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { type StageOptions, stage } from '../../../tools/stage/stage.ts';

export const stamping = { by: 'ccci-stage/test', now: () => new Date('2026-11-23T10:20:00.000Z') };

/** A trigger of its own comment; on a pull request of its own, unless told. */
export function triggerOf(id: number, pull = id): Trigger {
  const { pr, comment } = triggerExample;
  if (pr === undefined || comment === undefined) throw new Error('the example is from a forge');
  return {
    ...triggerExample,
    key: `gitea-${id}`,
    pr: { ...pr, number: pull },
    comment: { ...comment, id, created: `2026-11-23T10:15:${String(id).padStart(2, '0')}Z` },
  };
}

/** Puts records into the queue as dedupe does, and gives them as they come out of it. */
export async function inQueue<R extends Trigger | Cancel>(
  state: string,
  ...records: readonly R[]
): Promise<R[]> {
  await prepareState(state);
  const first = (await listAccepted(state)).length;
  const spooled = records.map((record, index) => ({
    ...record,
    spool: queueName(record),
    seq: first + index,
  }));
  const judged = spooled.map((record) => ({
    file: record.spool,
    key: record.key,
    record: record as AnyRecord,
    folder: 'new' as const,
  }));
  await accept(state, judged, { now: stamping.now });
  return spooled as R[];
}

/** A piece of work that was begun; `done` ends it, `ended` says what ended it from outside. */
export type Begun = {
  readonly key: string;
  readonly done: () => void;
  readonly ended: () => Ended | null;
  /** All that the run answers. */
  readonly keys: () => readonly string[];
};

export type SceneOptions = Partial<
  Pick<StageOptions, 'slots' | 'isSpool' | 'ready' | 'checkRoom' | 'preview'>
>;

/** The filter with an input that is written by hand and work that does nothing until it is told to. */
export function makeScene(state: string, { slots = 1, isSpool = false, ...more }: SceneOptions = {}) {
  const input = makeChannel<Incoming>();
  const stopping = new AbortController();
  const closed = new AbortController();
  const begun: Begun[] = [];
  const output: AnyRecord[] = [];
  const bugs: unknown[] = [];
  const noted: number[] = [];
  const troubles: string[] = [];
  const said: string[] = [];
  const changed = { wake: () => {} };
  const queue = { changed: () => {} };
  const note = () => changed.wake();
  const begin = (keys: () => readonly string[], signal: AbortSignal, end: () => Promise<void>) =>
    new Promise<void>((resolve, reject) => {
      let ending: Promise<void> | undefined;
      const done = () => {
        ending ??= end();
        ending.then(resolve, reject);
      };
      begun.push({ key: String(keys()[0]), keys, done, ended: () => endedBy(signal) });
      if (signal.aborted) done();
      signal.addEventListener('abort', done, { once: true });
      note();
    });
  const options: StageOptions = {
    state,
    runs: `${state}/runs`,
    stamping,
    slots,
    isSpool,
    stopping: stopping.signal,
    closed: closed.signal,
    errorRecord: ({ message }, key) => ({ type: 'error', v: 1, at: '', by: '', key, message }),
    noteBad: () => {},
    noteBug: (error) => void bugs.push(error),
    noteFailure: ({ status }) => void noted.push(status),
    noteTrouble: ({ code }) => void troubles.push(code),
    checkRoom: async () => {},
    say: (message) => void said.push(message),
    ready: async () => ({ engine: {} as Engine, environment: async () => ({}) }),
    ...more,
    preview: (trigger, signal) => {
      const looked = more.preview?.(trigger, signal) ?? Promise.resolve(null);
      note();
      return looked;
    },
    watch: (onChange) => {
      queue.changed = onChange;
      return () => {};
    },
    ending: async () => void (stopping.signal.aborted || (await once(stopping.signal, 'abort'))),
    workHere: ({ key }, { signal, emit }) =>
      begin(
        () => [key],
        signal,
        () => emit({ type: 'run.finished', key }),
      ),
    workQueued: (claimed, { signal, emit }) =>
      begin(claimed.keys, signal, async () => {
        if (endedBy(signal)?.verdict === 'given-back') return claimed.giveBack();
        const finished = { type: 'run.finished', key: claimed.trigger.key, run: claimed.run };
        await claimed.commit(() => finished);
        await emit(finished);
      }),
  };
  const over = (async () => {
    for await (const record of stage(input.items(), options)) {
      output.push(record as AnyRecord);
      note();
    }
  })();
  /** Waits until something is so; each record that comes out, and each beginning of work, is a new look. */
  const until = async (isSo: () => boolean) => {
    while (!isSo()) await new Promise<void>((resolve) => (changed.wake = resolve));
  };
  return {
    give: (record: object) => input.push({ kind: 'record', record: record as AnyRecord }),
    endInput: input.end,
    /** Says that the queue has changed, as its watcher does. */
    look: () => queue.changed(),
    stopping,
    closed,
    begun,
    output,
    bugs,
    noted,
    troubles,
    said,
    until,
    over,
    options,
  };
}
