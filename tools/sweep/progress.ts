import type { Log } from '@ccci/lib/program/log.ts';

/** Back to the first column, and clear to the end. */
const clearLine = '\r\u001b[K';

export type Progress = {
  readonly show: (done: number, of: number) => void;
  readonly clear: () => void;
  /** The same log; what it says takes the line of the progress. */
  readonly log: Log;
};

/** One line on a terminal that says how far the sweep is; `write` is null where nobody looks. */
export function makeProgress(write: ((text: string) => void) | null, log: Log): Progress {
  if (write === null) return { show: () => {}, clear: () => {}, log };
  const clear = () => write(clearLine);
  return {
    show: (done, of) => write(`${clearLine}${done} of ${of} repositories`),
    clear,
    log: {
      info: (message) => {
        clear();
        log.info(message);
      },
      warning: (message) => {
        clear();
        log.warning(message);
      },
      error: (message, hint) => {
        clear();
        log.error(message, hint);
      },
    },
  };
}
