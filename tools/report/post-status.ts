import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { type CommitStatus, commitStatus, statusContext } from '@ccci/lib/pages/status.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { NotedStatus } from './answer.ts';
import type { Desk } from './desk.ts';
import { type Entry, note } from './entry.ts';

/**
 * Brings the commit status of one trigger to what it should be: pending at once, the verdict at the end (L06), and
 * pending again where the verdict of another run on the same commit has come over it (L07).
 */
export async function postStatus(
  entry: Entry,
  all: readonly Entry[],
  client: ForgeClient,
  desk: Desk,
): Promise<void> {
  const wanted = commitStatus(entry.view, desk.settings);
  const last = entry.answer.statuses.at(-1);
  if (last === undefined || !isSame(last, wanted) || isOvertaken(entry, all, desk)) {
    await post(entry, wanted, client, desk);
  } else if (last.id === null) {
    await postUnlessFound(entry, wanted, client, desk);
  }
  if (wanted.state !== 'pending' && !entry.answer.checked) await readBack(entry, all, wanted, client, desk);
}

/** The intent is noted before, the id after (triggers.md, step 12). */
async function post(entry: Entry, wanted: CommitStatus, client: ForgeClient, desk: Desk): Promise<void> {
  const before = entry.answer.statuses.filter((status) => status.id !== null);
  await note(entry, desk.state, { statuses: [...before, toNote(wanted, null)], checked: false });
  const { target_url: targetUrl, ...status } = wanted;
  const { id } = await client.createStatus(entry.place, shaOf(entry), { ...status, targetUrl });
  await note(entry, desk.state, { statuses: [...before, toNote(wanted, id)] });
}

/** An intent without an id: the answer may have been lost after the forge had done it, so it is looked at first. */
async function postUnlessFound(
  entry: Entry,
  wanted: CommitStatus,
  client: ForgeClient,
  desk: Desk,
): Promise<void> {
  const me = await client.whoAmI();
  const before = entry.answer.statuses.slice(0, -1);
  const newest = Math.max(0, ...before.map((status) => status.id ?? 0));
  const found = (await client.listStatuses(entry.place, shaOf(entry))).find(
    (status) =>
      status.creator?.id === me.id &&
      status.id > newest &&
      status.context === wanted.context &&
      isSame({ ...status, target: status.targetUrl }, wanted),
  );
  if (found === undefined) return post(entry, wanted, client, desk);
  await note(entry, desk.state, { statuses: [...before, toNote(wanted, found.id)] });
}

/** After a final status it is read back once, and repeated if an older one won (triggers.md, step 12). */
async function readBack(
  entry: Entry,
  all: readonly Entry[],
  wanted: CommitStatus,
  client: ForgeClient,
  desk: Desk,
): Promise<void> {
  const statuses = await client.listStatuses(entry.place, shaOf(entry));
  const winner = statuses.find((status) => status.context === wanted.context);
  const known = all.flatMap((one) => one.answer.statuses.map((status) => status.id));
  if (winner === undefined || !known.includes(winner.id)) await post(entry, wanted, client, desk);
  await note(entry, desk.state, { checked: true });
}

function isOvertaken(entry: Entry, all: readonly Entry[], { settings }: Desk): boolean {
  if (entry.state === 'over') return false;
  const context = (one: Entry) => statusContext(one.record as Trigger, settings.context);
  const rivals = all.filter(
    (one) =>
      one !== entry &&
      one.record.type === 'trigger' &&
      shaOf(one) === shaOf(entry) &&
      context(one) === context(entry) &&
      one.state === 'over',
  );
  return newestId(entry) > 0 && rivals.some((one) => newestId(one) > newestId(entry));
}

function newestId({ answer }: Entry): number {
  return Math.max(0, ...answer.statuses.map((status) => status.id ?? 0));
}

function shaOf(entry: Entry): string {
  return (entry.record as Trigger).ref;
}

function toNote(
  { state, description, target_url: target = '' }: CommitStatus,
  id: number | null,
): NotedStatus {
  return { state, description, target, id };
}

type Comparable = { readonly state: string; readonly description: string; readonly target: string };

function isSame(one: Comparable, { state, description, target_url: target = '' }: CommitStatus): boolean {
  return one.state === state && one.description === description && one.target === target;
}
