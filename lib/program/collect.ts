import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export type CollectOptions = {
  readonly everyMs?: number;
  /** Gives what collects; nothing where this Node does not let it be had. */
  readonly find?: () => (() => void) | undefined;
};

/**
 * Gives back from time to time what is no longer used: a program that waits most of its life allocates too little for
 * V8 to look, and keeps what its start and its last piece of work have left behind. Keeps no program from its end, and
 * costs one that ends before its first time nothing.
 */
export function collectAtTimes({ everyMs = 30_000, find = findCollector }: CollectOptions = {}): void {
  let collect: (() => void) | undefined;
  const timer = setInterval(() => {
    collect ??= find();
    // Memory is all that it costs to go on without.
    if (collect === undefined) clearInterval(timer);
    else collect();
  }, everyMs);
  timer.unref();
}

/** V8's own, which Node shows to none but who asks for it. */
export function findCollector(): (() => void) | undefined {
  setFlagsFromString('--expose-gc');
  const gc: unknown = runInNewContext('globalThis.gc');
  if (typeof gc !== 'function') return undefined;
  // The last resort lets go of code, too, that has not run of late.
  return () => gc({ type: 'major', flavor: 'last-resort' });
}
