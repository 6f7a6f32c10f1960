import type { Cancel } from '../records/cancel.ts';
import type { Trigger, TriggerOptions } from '../records/trigger.ts';
import { readAccepted } from './accepted.ts';
import { type Disk, realDisk } from './files.ts';
import type { QueueFolder } from './layout.ts';
import { listQueue } from './queue.ts';

/** A trigger or cancel in the queue, as it was accepted. */
export type Work = { readonly file: string; readonly record: Trigger | Cancel };

/** What is remembered of accepted files between two looks: they never change. */
export type WorkCache = Map<string, Trigger | Cancel | null>;

/** What lies in a folder of the queue, oldest comment first; drops and what has no accepted file are left out. */
export async function listWork(
  state: string,
  folder: QueueFolder,
  { cache = new Map(), disk = realDisk }: { readonly cache?: WorkCache; readonly disk?: Disk } = {},
): Promise<Work[]> {
  const work: Work[] = [];
  for (const file of await listQueue(state, folder, disk)) {
    const record = await readWork(state, file, { cache, disk });
    if (record !== null) work.push({ file, record });
  }
  return work;
}

/** Whether both stand on the same pull request; what has none stands on none. */
export function isSamePull(one: Trigger | Cancel, other: Trigger | Cancel): boolean {
  const key = pullOf(one);
  return key !== null && key === pullOf(other);
}

/** `<forge>/<owner>/<name>#<number>`, whatever the case; null for a sweep of a tip or tag. */
export function pullOf(record: Trigger | Cancel): string | null {
  return record.pr === undefined ? null : `${repositoryOf(record)}#${record.pr.number}`;
}

/** `<forge>/<owner>/<name>`, whatever the case. */
export function repositoryOf({ forge, owner, name }: Trigger | Cancel): string {
  return `${forge}/${owner}/${name}`.toLowerCase();
}

/** Whether one run answers both: equal repository, pull request, commit and options (triggers.md, step 15). */
export function isSameWork(one: Trigger, other: Trigger): boolean {
  return isSamePull(one, other) && one.ref === other.ref && isSameOptions(one.options, other.options);
}

/** The commit in the options only says which head was meant: it is the `ref`. */
function isSameOptions(one: TriggerOptions, other: TriggerOptions): boolean {
  const stages = ({ stages = [] }: TriggerOptions) => [...new Set(stages)].sort().join();
  return (one.quick ?? false) === (other.quick ?? false) && stages(one) === stages(other);
}

/** Whether `one` was accepted after `other`; `seq` counts what dedupe accepted. */
export function isNewer(one: Trigger | Cancel, other: Trigger | Cancel): boolean {
  return (one.seq ?? -1) > (other.seq ?? -1);
}

/** What was accepted under a name of the queue; null for a drop, and where there is none. */
export async function readWork(
  state: string,
  file: string,
  {
    cache = new Map(),
    disk = realDisk,
  }: { readonly cache?: WorkCache; readonly disk?: Disk | undefined } = {},
): Promise<Trigger | Cancel | null> {
  const known = cache.get(file);
  if (known !== undefined) return known;
  const record = await readAccepted(state, file, disk);
  const isWork = record?.type === 'trigger' || record?.type === 'cancel';
  const work = isWork ? (record as unknown as Trigger | Cancel) : null;
  if (record !== undefined) cache.set(file, work);
  return work;
}
