import { exitStatus } from '@ccci/lib/program/failure.ts';
import type { Taken } from './take.ts';
import type { WorkOptions } from './work.ts';

export type ComplaintsOptions = Pick<WorkOptions, 'errorRecord' | 'noteFailure' | 'noteTrouble' | 'emit'> & {
  readonly isSpool: boolean;
};

/** Says what could not be taken from the queue, once as long as it is the same. */
export type Complaints = {
  /**
   * True where it will not pass by itself, so that it stays in the queue for the next start. Otherwise (a full disk, a
   * closed slot) it is tried again: at the next look on a spool, else while more may come, that is before `isEnding`.
   */
  readonly say: (taken: Extract<Taken, { kind: 'failed' }>, isEnding: boolean) => Promise<boolean>;
  /** Something could be taken: what comes now is new. */
  readonly clear: () => void;
};

export function makeComplaints({ isSpool, ...options }: ComplaintsOptions): Complaints {
  let said = '';
  return {
    say: async ({ waiting, failure }, isEnding) => {
      const isPassing = failure.status === exitStatus.leftOver && (isSpool || !isEnding);
      const isKnown = (isSpool || isPassing) && said === failure.code;
      said = failure.code;
      if (isKnown) return false;
      if (isPassing) options.noteTrouble(failure);
      else options.noteFailure(failure);
      await options.emit(options.errorRecord(failure, waiting.record.key));
      return !isPassing;
    },
    clear: () => {
      said = '';
    },
  };
}
