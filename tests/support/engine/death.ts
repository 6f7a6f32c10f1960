import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How the engine of a box ended where nobody wished it. */
export type EngineDeath = {
  /** It crashed by a defect of its own (a panic of Go); somebody who killed it is no crash. */
  readonly isCrash: boolean;
  /** Exit status, and the place of the crash or, where it tells none, the last lines of its log. */
  readonly words: string;
};

/** First line of a crash, as the runtime of Go tells it; a line of the engine's own log begins with `time=`. */
const crash = /^(?:panic|fatal error|SIG[A-Z]+): /m;
const crashLines = 40;
const lastLines = 10;

/** How the engine of the box in this folder ended by itself; undefined while it runs. */
export function engineDeath(dir: string): EngineDeath | undefined {
  const file = join(dir, 'ended');
  if (!existsSync(file)) return undefined;
  const status = readFileSync(file, 'utf8').trim();
  const log = readFileSync(join(dir, 'log'), 'utf8').trimEnd();
  const at = log.search(crash);
  const isCrash = status === '2' && at !== -1;
  const lines = isCrash ? log.slice(at).split('\n').slice(0, crashLines) : log.split('\n').slice(-lastLines);
  return { isCrash, words: [`the engine ended by itself, with status ${status}:`, ...lines].join('\n') };
}
