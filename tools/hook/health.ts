import { Failure } from '@ccci/lib/program/failure.ts';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';
import { tryInbox } from '@ccci/lib/state/inbox.ts';
import type { Conditions } from './conditions.ts';
import type { Reply } from './replies.ts';

/** What is well or not, in the words of conditions. */
export const directory = 'the state directory';

export type HealthOptions = {
  readonly state: string;
  readonly now: () => Date;
  readonly conditions: Conditions;
  readonly disk?: Disk;
};

/** How long an answer holds: asking costs nothing more, however often somebody does it. */
const believedMs = 1_000;

/**
 * Whether a delivery could be kept now: `ok`, or 503 with why in a few words, without paths, as anybody may ask.
 * Forges and the poll do not count: a receiver that is well while a forge is away is not to be taken out of service.
 */
export function makeHealth({ state, now, conditions, disk = realDisk }: HealthOptions): () => Promise<Reply> {
  let last: { readonly reply: Promise<Reply>; readonly until: number } | undefined;
  return () => {
    if (last === undefined || now().getTime() >= last.until) {
      last = { reply: look(state, conditions, disk), until: now().getTime() + believedMs };
    }
    return last.reply;
  };
}

async function look(state: string, conditions: Conditions, disk: Disk): Promise<Reply> {
  try {
    await tryInbox(state, disk);
    conditions.good(directory, `${directory} can be written again`);
    return { status: 200, text: 'ok' };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    conditions.bad(directory, error);
    return { status: 503, text: `${directory} cannot be written: ${reasons[error.code] ?? 'see the log'}` };
  }
}

const reasons: Readonly<Record<string, string>> = {
  'disk-full': 'the disk is full',
  'disk-read-only': 'the file system is read-only',
  'disk-forbidden': 'no permission',
};
