import { Failure } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import { listWork, type WorkCache } from '@ccci/lib/state/work.ts';
import { noWork, type QueuedWork } from './queued-work.ts';

/**
 * A look into the queue of a state directory, read-only. Where it cannot be read that is said once: polling goes on,
 * and nothing is taken back meanwhile.
 */
export function openQueue(state: string, log: Log): () => Promise<QueuedWork> {
  const cache: WorkCache = new Map();
  let isSaid = false;
  return async () => {
    try {
      const waiting = await listWork(state, 'new', { cache });
      const running = await listWork(state, 'cur', { cache });
      const files = new Set([...waiting, ...running].map(({ file }) => file));
      for (const file of cache.keys()) if (!files.has(file)) cache.delete(file);
      return { waiting, running };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!isSaid) log.warning(`the queue is not watched: ${error.message}`);
      isSaid = true;
      return noWork;
    }
  };
}
