import { watch } from 'node:fs';
import { makeChannel } from '@ccci/lib/program/channel.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { listInbox } from '@ccci/lib/state/inbox.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';

/** Lines that came together: of the input, or of a file that was handed in. */
export type Batch = {
  readonly lines: readonly Incoming[];
  /** Removes the file that they are, to be called when they are dealt with; null for lines of the input. */
  readonly remove: (() => Promise<void>) | null;
};

export type InboxOptions = {
  readonly state: string;
  readonly disk: Disk;
  /** Decodes the content of a file as if it were input. */
  readonly read: (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<readonly Incoming[]>;
  /** Calls back when something may have been handed in, until it is stopped. */
  readonly watch: (onChange: () => void) => () => void;
};

/** How often the inbox is looked at besides, in ms: the safety net. */
const lookMs = 10_000;

/** Watches the folder that hook, sweep and people hand in to. */
export function watchInbox(state: string): InboxOptions['watch'] {
  return (onChange) => {
    // The input keeps the program alive; when nobody listens to it any more, this must not.
    const watcher = watch(statePaths(state).in.ready, { persistent: false }, () => onChange());
    watcher.on('error', () => watcher.close());
    const timer = setInterval(onChange, lookMs).unref();
    return () => {
      clearInterval(timer);
      watcher.close();
    };
  };
}

/** Few, because each may hold what 64 KiB of input hold. */
const readAhead = 2;

/**
 * The input with what is handed in meanwhile between its lines (triggers.md, step 3); ends with the input, after a
 * last look.
 */
export async function* withInbox(
  input: AsyncIterable<readonly Incoming[]>,
  options: InboxOptions,
): AsyncGenerator<Batch> {
  const channel = makeChannel<Batch>(readAhead);
  const taken = new Set<string>();
  let looking: Promise<void> = Promise.resolve();
  const look = () => {
    looking = looking.then(() => readInbox(taken, options, channel.push));
    looking.catch(channel.fail);
    return looking;
  };
  const unwatch = options.watch(() => void look().catch(() => {}));
  const pump = async () => {
    await look();
    for await (const lines of input) await channel.push({ lines, remove: null });
    await look();
  };
  void pump().then(channel.end, channel.fail);
  try {
    yield* channel.items();
  } finally {
    unwatch();
  }
}

/** `taken` are files that are on their way and not removed yet. */
async function readInbox(
  taken: Set<string>,
  { state, disk, read }: InboxOptions,
  push: (batch: Batch) => Promise<void>,
): Promise<void> {
  for (const path of (await listInbox(state, disk)).filter((one) => !taken.has(one))) {
    const content = await disk.read(path);
    if (content === undefined) continue;
    taken.add(path);
    const lines: Incoming[] = [];
    for await (const batch of read(bytesOf(content))) lines.push(...batch);
    const remove = async () => {
      await disk.remove(path);
      taken.delete(path);
    };
    if (lines.length === 0) await remove();
    else await push({ lines, remove });
  }
}

async function* bytesOf(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}
