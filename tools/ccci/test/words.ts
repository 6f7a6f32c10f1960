import type { Log } from '@ccci/lib/program/log.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

/** What ccci-stage says to people, without what its records say already. */
export type Words = {
  readonly record: (record: AnyRecord) => void;
  readonly word: (line: string) => void;
  /** Says what was held back for a record that did not come. */
  readonly end: () => void;
};

type Said = { readonly level: string; readonly message: string; readonly hint?: string };

/**
 * Errors are held back until the end, for most of them are records too, which ccci-report shows. The line that tells a
 * run's end says nothing new either. `clear` empties the line that the live report has begun.
 */
export function makeWords(log: Log, clear: () => void): Words {
  const shown = new Set<string>();
  const held: Said[] = [];
  let run: unknown = null;
  const say = ({ level, message, hint }: Said) => {
    clear();
    if (level === 'error') log.error(message, hint);
    else if (level === 'warning') log.warning(message);
    else log.info(message);
  };
  return {
    record: (record) => {
      if (record.type === 'error') shown.add(String(record.message));
      if (record.type === 'run.started') run = record.run;
    },
    word: (line) => {
      const said = readSaid(line);
      if (said.level === 'error') held.push(said);
      else if (run === null || !said.message.startsWith(`${run} `)) say(said);
    },
    end: () => {
      for (const said of held) if (!shown.has(said.message)) say(said);
    },
  };
}

function readSaid(line: string): Said {
  try {
    return JSON.parse(line) as Said;
  } catch {
    return { level: 'info', message: line };
  }
}
