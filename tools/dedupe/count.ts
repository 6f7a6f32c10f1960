import type { Metrics } from '@ccci/lib/metrics/open.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { listWork, type WorkCache } from '@ccci/lib/state/work.ts';

/** Of a flood not every record is worth a look at the queue, ms. */
const restMs = 1_000;

export type QueueCounter = {
  /** Notes what was stored. */
  readonly note: (records: readonly AnyRecord[]) => void;
  /** Writes it, and how the queue is; now and then, or at once with `isLast`. */
  readonly write: (isLast?: boolean) => Promise<void>;
};

/** Counts what was accepted and dropped, and looks at the queue. */
export function makeQueueCounter(state: string, metrics: Metrics, nowMs: () => number): QueueCounter {
  const cache: WorkCache = new Map();
  let counted: AnyRecord[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  return {
    note: (records) => {
      if (metrics.isOn) counted.push(...records.filter(({ type }) => type === 'trigger' || type === 'drop'));
    },
    write: async (isLast = false) => {
      if (!metrics.isOn || (!isLast && nowMs() - lastMs < restMs)) return;
      lastMs = nowMs();
      const records = counted;
      counted = [];
      const queue = await look(state, cache).catch(() => null);
      await metrics.update(({ add, set }) => {
        for (const { type, reason } of records) {
          if (type === 'trigger') add('ccci_dedupe_accepted_total');
          else add('ccci_dedupe_drops_total', 1, { reason: String(reason) });
        }
        if (queue === null) return;
        set('ccci_queue_waiting', queue.waiting);
        set('ccci_queue_running', queue.running);
        set('ccci_queue_oldest_waiting_timestamp_seconds', queue.oldest);
      });
    },
  };
}

async function look(state: string, cache: WorkCache) {
  const waiting = (await listWork(state, 'new', { cache })).filter(({ record }) => record.type === 'trigger');
  const running = (await listWork(state, 'cur', { cache })).filter(({ record }) => record.type === 'trigger');
  const files = new Set([...waiting, ...running].map(({ file }) => file));
  for (const file of cache.keys()) if (!files.has(file)) cache.delete(file);
  const written = waiting.map(({ record }) => Date.parse(record.at) / 1000);
  const oldest = written.reduce((first, at) => Math.min(first, at), Number.POSITIVE_INFINITY);
  return { waiting: waiting.length, running: running.length, oldest: Number.isFinite(oldest) ? oldest : 0 };
}
