import type { Log } from '@ccci/lib/program/log.ts';

/** What is wrong with something; `code` tells one trouble from another. */
export type Trouble = { readonly code: string; readonly message: string; readonly hint?: string | undefined };

/** What goes wrong again and again is said once; when it is over, that is said too where `message` is given. */
export type Conditions = {
  readonly bad: (what: string, trouble: Trouble) => void;
  readonly good: (what: string, message?: string) => void;
};

/** Says a condition only when it changes: a full disk under a thousand deliveries is one line on standard error. */
export function makeConditions(log: Log): Conditions {
  const known = new Map<string, string>();
  return {
    bad: (what, { code, message, hint }) => {
      if (known.get(what) === code) return;
      known.set(what, code);
      log.error(message, hint);
    },
    good: (what, message) => {
      if (known.delete(what) && message !== undefined) log.info(message);
    },
  };
}
