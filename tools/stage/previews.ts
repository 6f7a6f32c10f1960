import { Failure } from '@ccci/lib/program/failure.ts';
import type { Preview } from '@ccci/lib/records/preview.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';
import { lockFile } from '@ccci/lib/state/lock.ts';
import type { Waiting } from '@ccci/lib/state/order.ts';
import { listPreviews, removePreview, writePreview } from '@ccci/lib/state/previews.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import type { WorkCache } from '@ccci/lib/state/work.ts';
import { nextToPreview } from './next-to-preview.ts';
import { makeTurns } from './turns.ts';
import type { WorkOptions } from './work.ts';

export type PreviewsOptions = Pick<WorkOptions, 'state' | 'noteBug' | 'say' | 'emit'> & {
  readonly stopping: AbortSignal;
  readonly cache: WorkCache;
  /** Finds out what can be told of a trigger before it runs; null where there is nothing. */
  readonly preview: (trigger: Trigger, signal: AbortSignal) => Promise<Preview | null>;
  /** How long one may take, ms; a minute by default. */
  readonly limitMs?: number;
};

/** Looks at what waits, while it waits; one trigger at a time, whoever of the stages of a state does it. */
export type Previews = {
  /** The queue may have changed: what has left it loses its preview, and, with `isFull`, what waits gets one. */
  readonly wake: (isFull: boolean) => void;
  /** A slot is free: what is under way ends now, for it must delay nobody. */
  readonly stop: () => void;
  /** Resolves when nothing is under way any more. */
  readonly close: () => Promise<void>;
};

const minuteMs = 60_000;
/** How often one is begun: a slot that becomes free ends it, and so does a forge that is away. */
const mostTries = 3;
const tooLong = 'it took too long';

export function makePreviews(options: PreviewsOptions): Previews {
  const { state, cache, limitMs = minuteMs } = options;
  const tries = new Map<string, number>();
  let isFull = false;
  let isClosed = false;
  let present: { readonly file: string; readonly ending: AbortController } | null = null;
  let whenStill = () => {};
  const turns = makeTurns(turn, (error) => {
    // A queue that cannot be listed is the scheduler's to say.
    if (error !== null && !(error instanceof Failure)) options.noteBug(error);
    whenStill();
  });

  async function turn(): Promise<void> {
    await tidy(state, tries);
    const tried = new Set<string>();
    const isWanted = (file: string) => !tried.has(file) && (tries.get(file) ?? 0) < mostTries;
    while (isFull) {
      const next = await nextToPreview(state, { cache, isWanted });
      if (next === null || !isFull) return;
      const lock = await lockFile(statePaths(state).lock('previews'));
      // Another stage is at it.
      if (lock === null) return;
      tried.add(next.file);
      await lookAt(next).finally(lock.release);
    }
  }

  async function lookAt({ file, record }: Waiting): Promise<void> {
    const sayNone = (why: string) => options.say(`no preview of ${record.key}: ${why}`);
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(tooLong), limitMs);
    const signal = AbortSignal.any([ending.signal, options.stopping]);
    present = { file, ending };
    tries.set(file, (tries.get(file) ?? 0) + 1);
    try {
      const preview = await options.preview(record, signal);
      if (preview === null || signal.aborted || !(await waits(state, file))) return;
      await writePreview(state, file, preview);
      // Durable first, for who hears of it reads it; and nobody is waited for who reads slowly.
      options.emit(preview).catch(options.noteBug);
    } catch (error) {
      if (error instanceof Failure) sayNone(error.message);
      else if (!signal.aborted) options.noteBug(error);
    } finally {
      if (ending.signal.reason === tooLong) sayNone(tooLong);
      clearTimeout(timer);
      present = null;
    }
  }

  const endWhenGone = async () => {
    const { file, ending } = present ?? {};
    if (file !== undefined && !(await waits(state, file))) ending?.abort('it does not wait any more');
  };
  const stop = () => {
    isFull = false;
    present?.ending.abort('a slot is free');
  };
  return {
    wake: (full) => {
      if (isClosed) return;
      if (full) isFull = true;
      else stop();
      endWhenGone().catch(() => {});
      turns.wake();
    },
    stop,
    close: async () => {
      isClosed = true;
      stop();
      if (!turns.isStill()) await new Promise<void>((resolve) => (whenStill = resolve));
    },
  };
}

async function waits(state: string, file: string): Promise<boolean> {
  return (await listQueue(state, 'new')).includes(file);
}

/** In this order: whatever has a preview was in the queue before. */
async function tidy(state: string, tries: Map<string, number>): Promise<void> {
  const previews = await listPreviews(state);
  if (previews.length + tries.size === 0) return;
  const waiting = new Set(await listQueue(state, 'new'));
  for (const file of previews) if (!waiting.has(file)) await removePreview(state, file);
  for (const file of tries.keys()) if (!waiting.has(file)) tries.delete(file);
}
