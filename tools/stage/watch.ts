import { watch } from 'node:fs';
import { statePaths } from '@ccci/lib/state/layout.ts';

/** How often the queue is looked at besides, in ms: the safety net (triggers.md, step 6). */
const lookMs = 10_000;

/** Calls back when the queue may have changed, until it is stopped. */
export type Watch = (onChange: () => void) => () => void;

/** Watches `new`, where work and cancels come, `cur`, where runs end, and the closed slots. */
export function watchQueue(state: string): Watch {
  return (onChange) => {
    const { queue, closed } = statePaths(state);
    const folders = [queue.new, queue.cur, closed];
    const watchers = folders.map((folder) => watch(folder, () => onChange()));
    // Where no more can be watched the looks have to do.
    for (const watcher of watchers) watcher.on('error', () => watcher.close());
    const timer = setInterval(onChange, lookMs);
    return () => {
      clearInterval(timer);
      for (const watcher of watchers) watcher.close();
    };
  };
}
