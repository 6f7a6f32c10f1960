import { type ForgeError, isForgeError } from '@ccci/lib/forge/forge-error.ts';
import type { Log } from '@ccci/lib/program/log.ts';

/** What could not be asked or answered; `source` is an organisation or repository. */
export type Trouble = {
  readonly source: string;
  readonly message: string;
  readonly hint?: string | undefined;
};

/** Asks one forge, one thing after the other, and keeps what went wrong. */
export type Asker = {
  /** Undefined when there was no answer: what was asked is missing, and a trouble says so. */
  readonly ask: <Value>(source: string, work: () => Promise<Value>) => Promise<Value | undefined>;
  /** Notes that something is missing for another reason. */
  readonly note: (trouble: Trouble) => void;
  /** The troubles since the last call. */
  readonly take: () => readonly Trouble[];
  /** How much was not asked for any more. */
  readonly unasked: () => number;
};

export type AskerOptions = {
  readonly log: Log;
  /** Waits so many milliseconds, or until the program is to stop. */
  readonly wait: (ms: number) => Promise<void>;
};

/** After so many failures in a row a forge is given up. */
const failureLimit = 3;
/** How often a forge is waited for that says that it is busy, and how long at most each time. */
const waits = 3;
const longestWaitMs = 60_000;
const usualWaitMs = 5_000;

export function makeAsker(forge: string, options: AskerOptions): Asker {
  let troubles: Trouble[] = [];
  const state = { failures: 0, isGivenUp: false, unasked: 0 };
  const note = (trouble: Trouble) => void troubles.push(trouble);
  return {
    note,
    take: () => {
      const taken = troubles;
      troubles = [];
      return taken;
    },
    unasked: () => state.unasked,
    ask: async (source, work) => {
      if (state.isGivenUp) {
        state.unasked += 1;
        return undefined;
      }
      try {
        const value = await askPatiently(work, options);
        state.failures = 0;
        return value;
      } catch (error) {
        if (!isForgeError(error)) throw error;
        note({ source, message: error.message, hint: error.hint });
        state.failures = isOnlyThis(error) ? 0 : state.failures + 1;
        if (state.failures < failureLimit && !isFinal(error)) return undefined;
        state.isGivenUp = true;
        options.log.warning(`forge ${forge} is given up: what else it has is missing`);
        return undefined;
      }
    },
  };
}

/** A forge that asks for less is obeyed, within bounds: a sweep is long, and nobody waits for it. */
async function askPatiently<Value>(work: () => Promise<Value>, { log, wait }: AskerOptions): Promise<Value> {
  for (let waited = 0; ; waited += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isForgeError(error) || error.trouble !== 'busy' || waited >= waits) throw error;
      const ms = error.retryAfterMs ?? usualWaitMs;
      if (ms > longestWaitMs) throw error;
      log.info(`forge ${error.forge} is busy: waiting ${Math.ceil(ms / 1000)} s, as it asks`);
      await wait(ms);
    }
  }
}

/** It answered that this one thing is not there. */
function isOnlyThis({ httpStatus }: ForgeError): boolean {
  return httpStatus === 404;
}

/** Asking further would not help: it has been waited for, or the token is not valid. */
function isFinal({ trouble, httpStatus }: ForgeError): boolean {
  return trouble === 'busy' || httpStatus === 401;
}
