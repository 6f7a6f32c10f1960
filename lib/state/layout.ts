import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { exitStatus, Failure } from '../program/failure.ts';
import { type Disk, realDisk } from './files.ts';

export type QueueFolder = 'new' | 'cur' | 'done';

export type StatePaths = {
  readonly root: string;
  readonly id: string;
  readonly enrolled: string;
  readonly cursors: string;
  readonly seen: string;
  readonly ticks: string;
  readonly in: { readonly tmp: string; readonly ready: string };
  readonly accepted: string;
  readonly queue: { readonly tmp: string } & Readonly<Record<QueueFolder, string>>;
  readonly answers: string;
  readonly lookedOver: string;
  /** Slots that are closed because something of a run was left on the engine. */
  readonly closed: string;
  /** What was found out of triggers while they wait, and where it is found out. */
  readonly previews: { readonly root: string; readonly work: string; readonly git: string };
  /** Samples of each program's metrics. */
  readonly metrics: string;
  /** When the janitor last saw an image used. */
  readonly images: string;
  /** Repositories as they were fetched, a cache: what nobody holds the lock of may go at any time. */
  readonly git: string;
  /** `<state>/<name>.lock`. */
  readonly lock: (name: string) => string;
};

let latest: StatePaths | null = null;

/** Where everything lies in a state directory; source: triggers.md, The protocol. Asked for at every step: made once. */
export function statePaths(state: string): StatePaths {
  if (latest?.root !== state) latest = makePaths(state);
  return latest;
}

function makePaths(state: string): StatePaths {
  const queue = join(state, 'queue');
  const previews = join(state, 'previews');
  return {
    root: state,
    id: join(state, 'id'),
    enrolled: join(state, 'enrolled.json'),
    cursors: join(state, 'cursors.json'),
    seen: join(state, 'seen.ndjson'),
    ticks: join(state, 'ticks.json'),
    in: { tmp: join(state, 'in', 'tmp'), ready: join(state, 'in', 'ready') },
    accepted: join(state, 'accepted'),
    queue: {
      tmp: join(queue, 'tmp'),
      new: join(queue, 'new'),
      cur: join(queue, 'cur'),
      done: join(queue, 'done'),
    },
    answers: join(state, 'answers'),
    lookedOver: join(state, 'looked-over.json'),
    closed: join(state, 'closed'),
    previews: { root: previews, work: join(previews, 'work'), git: join(previews, 'git') },
    metrics: join(state, 'metrics'),
    images: join(state, 'images.json'),
    git: join(state, 'git'),
    lock: (name) => join(state, `${name}.lock`),
  };
}

/** Path of a queue file; its folder is its state. */
export function journalPath(state: string, folder: QueueFolder, file: string): string {
  return join(statePaths(state).queue[folder], `${file}.ndjson`);
}

/** Makes the folders that are missing and, once, the owner's id; safe to run again and side by side. */
export async function prepareState(state: string, disk: Disk = realDisk): Promise<void> {
  const paths = statePaths(state);
  const folders = [
    paths.in.tmp,
    paths.in.ready,
    paths.accepted,
    paths.queue.tmp,
    paths.queue.new,
    paths.queue.cur,
    paths.queue.done,
    paths.answers,
    paths.closed,
    paths.previews.root,
  ];
  for (const folder of folders) await makeFolder(folder, disk);
  if (!(await disk.exists(paths.id))) await writeId(paths, disk);
}

/** Content of `id`: the value of `ccci.owner` on everything that is made on the engine. */
export async function readOwner(state: string, disk: Disk = realDisk): Promise<string> {
  const { id } = statePaths(state);
  const owner = (await disk.read(id))?.trim();
  if (owner !== undefined && owner !== '') return owner;
  throw new Failure(exitStatus.inputOutput, 'no-owner', `${id} is missing or empty`, {
    hint: 'the state directory is not complete: restore the file, or begin with an empty directory',
  });
}

/** A new folder is only there after a power cut when the folders above know it. */
async function makeFolder(folder: string, disk: Disk): Promise<void> {
  const topmost = await disk.makeFolder(folder);
  if (topmost === undefined) return;
  for (let made = folder; made.length >= topmost.length; made = dirname(made)) await disk.sync(dirname(made));
}

/** By a link, so that of two programs that start together both read the same whole id. */
async function writeId(paths: StatePaths, disk: Disk): Promise<void> {
  const id = randomBytes(8).toString('hex');
  const temporary = `${paths.id}.${id}.tmp`;
  await disk.write(temporary, `${id}\n`);
  await disk.sync(temporary);
  await disk.link(temporary, paths.id);
  await disk.remove(temporary);
  await disk.sync(paths.root);
}
