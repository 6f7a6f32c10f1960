import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Resolves when one of the files lies in the folder; throws the signal's reason when that aborts before. */
export function passGate(folder: string, names: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(folder, () => look());
    const end = (finish: () => void) => {
      watcher.close();
      signal.removeEventListener('abort', stop);
      finish();
    };
    const stop = () => end(() => reject(signal.reason));
    const look = () => {
      if (names.some((name) => existsSync(join(folder, name)))) end(resolve);
    };
    signal.addEventListener('abort', stop);
    // After the watch has begun: what came before it is seen now.
    if (signal.aborted) stop();
    else look();
  });
}
