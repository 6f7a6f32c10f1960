import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { listAccepted, readAccepted } from '@ccci/lib/state/accepted.ts';
import { readAnswer } from '@ccci/lib/state/answers.ts';
import { isQueueName, keyOf, queueName } from '@ccci/lib/state/names.ts';
import type { Place } from './answer.ts';
import { placeOf } from './entry.ts';

/** What was accepted, by pull request: `<forge>/<owner>/<name>#<number>`, whatever the case. */
export type Threads = {
  /** Takes what a trigger, cancel or drop of the pipe stands for, if it lies in our directory; its thread. */
  readonly take: (record: AnyRecord) => Promise<string | undefined>;
  /** Takes an accepted file by its name; its thread, undefined for what nothing is posted about. */
  readonly add: (file: string) => Promise<string | undefined>;
  /** Takes all that was accepted since; threads in which something is not final. */
  readonly look: () => Promise<readonly string[]>;
  readonly ofKey: (key: string) => string | undefined;
  /** Name of the accepted file of a key. */
  readonly findFile: (key: string) => Promise<string | undefined>;
  /** Threads that were asked about last, the newest first. */
  readonly newest: (count: number) => Promise<readonly string[]>;
  /** Names of the accepted files of a thread, oldest comment first. */
  readonly files: (thread: string) => readonly string[];
};

export function openThreads(state: string): Threads {
  const files = new Map<string, Set<string>>();
  const byKey = new Map<string, { readonly thread: string; readonly file: string }>();
  const looked = new Set<string>();
  const add = async (file: string): Promise<string | undefined> => {
    const known = byKey.get(keyOf(file));
    if (known !== undefined) return known.thread;
    const record = await readAccepted(state, file);
    const place = record === undefined ? null : placeOf(record);
    if (place === null) return undefined;
    const thread = threadOf(place);
    files.set(thread, (files.get(thread) ?? new Set()).add(file));
    byKey.set(keyOf(file), { thread, file });
    return thread;
  };
  return {
    add,
    take: async (record) => {
      const file =
        typeof record.spool === 'string' ? record.spool : record.type === 'drop' ? queueName(record) : '';
      return isQueueName(file) && keyOf(file) === record.key ? add(file) : undefined;
    },
    look: async () => {
      const open = new Set<string>();
      for (const file of await listAccepted(state)) {
        if (looked.has(file)) continue;
        const thread = await add(file);
        const isFinal = thread === undefined || (await readAnswer(state, keyOf(file)))?.final === true;
        if (isFinal) looked.add(file);
        else open.add(thread);
      }
      return [...open].sort();
    },
    ofKey: (key) => byKey.get(key)?.thread,
    findFile: async (key) =>
      byKey.get(key)?.file ?? (await listAccepted(state)).find((file) => keyOf(file) === key),
    newest: async (count) => {
      const asked = (await listAccepted(state)).reverse();
      const known = asked.flatMap((file) => byKey.get(keyOf(file))?.thread ?? []);
      return [...new Set(known)].slice(0, count);
    },
    files: (thread) => [...(files.get(thread) ?? [])].sort(),
  };
}

export function threadOf({ forge, owner, name, number }: Place): string {
  return `${forge}/${owner}/${name}#${number}`.toLowerCase();
}
