import { watch } from 'node:fs';
import type { QueueFolder } from '@ccci/lib/state/layout.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';

/** How often the queue is looked at besides, in ms: the safety net (triggers.md, step 6). */
const lookMs = 10_000;

/** Calls back when the queue may have changed, until it is stopped. */
export type Watch = (onChange: () => void) => () => void;

/** Watches `new`, where work and cancels come, and `cur`, where runs end. */
export function watchQueue(state: string): Watch {
  return (onChange) => {
    const folders: readonly QueueFolder[] = ['new', 'cur'];
    const watchers = folders.map((folder) => watch(statePaths(state).queue[folder], () => onChange()));
    // Where no more can be watched the looks have to do.
    for (const watcher of watchers) watcher.on('error', () => watcher.close());
    const timer = setInterval(onChange, lookMs);
    return () => {
      clearInterval(timer);
      for (const watcher of watchers) watcher.close();
    };
  };
}
