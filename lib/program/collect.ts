import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const everyMs = 30_000;

/**
 * Gives back from time to time what is no longer used: a program that waits most of its life allocates too little for
 * V8 to look, and keeps what its start and its last piece of work have left behind. Keeps no program from its end.
 */
export function collectAtTimes(): void {
  let collect: (() => void) | undefined;
  setInterval(() => {
    collect ??= exposed();
    collect();
  }, everyMs).unref();
}

function exposed(): () => void {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as (options: object) => void;
  // The last resort lets go of code, too, that has not run of late.
  return () => gc({ type: 'major', flavor: 'last-resort' });
}
