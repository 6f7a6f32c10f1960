import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { type CommitStatus, commitStatus, statusContext } from '@ccci/lib/pages/status.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { NotedStatus } from './answer.ts';
import type { Desk } from './desk.ts';
import { type Entry, note } from './entry.ts';
import type { Held } from './held.ts';
import { noteAll, type Shared } from './share.ts';

export type StatusWork = { readonly shared: Shared; readonly all: readonly Entry[]; readonly held: Held };

/**
 * Brings the commit status of a trigger, and of those that share its run, to what it should be: pending at once, the
 * verdict at the end (L06), and pending again where the verdict of another run on the same commit has come over it
 * (L07).
 */
export async function postStatus(work: StatusWork, client: ForgeClient, desk: Desk): Promise<void> {
  const { shared, all, held } = work;
  const { view, state } = shared.lead;
  const wanted = commitStatus(view, desk.settings, state === 'running');
  const last = lastOf(shared);
  if (last === undefined && isNeedless(shared, all, desk)) return noteChecked(shared, desk);
  const isOver = isOvertaken(shared, all, desk);
  if (last?.id === null && isSame(last, wanted)) {
    await postUnlessFound(shared, wanted, client, desk);
  } else if (last !== undefined && isUpdate(last, wanted) && !isOver && held.ms > 0) {
    held.isDue = true;
    return;
  } else if (last === undefined || !isSame(last, wanted) || isOver) {
    if (last !== undefined && isUpdate(last, wanted)) held.isMade = true;
    await post(shared, wanted, client, desk);
  } else {
    await share(shared, last, desk);
  }
  if (wanted.state !== 'pending' && !shared.members.every(({ answer }) => answer.checked)) {
    await readBack(work, wanted, client, desk);
  }
}

/** The intent is noted before, the id after (triggers.md, step 12). */
async function post(shared: Shared, wanted: CommitStatus, client: ForgeClient, desk: Desk): Promise<void> {
  const entry = holderOf(shared);
  const before = entry.answer.statuses.filter((status) => status.id !== null);
  await note(entry, desk, { statuses: [...before, toNote(wanted, null)], checked: false });
  const { target_url: targetUrl, ...status } = wanted;
  const { id } = await client.createStatus(entry.place, shaOf(entry), { ...status, targetUrl });
  await share(shared, toNote(wanted, id), desk);
}

/** An intent without an id: the answer may have been lost after the forge had done it, so it is looked at first. */
async function postUnlessFound(
  shared: Shared,
  wanted: CommitStatus,
  client: ForgeClient,
  desk: Desk,
): Promise<void> {
  const me = await client.whoAmI();
  const newest = newestId(shared);
  const { lead } = shared;
  const found = (await client.listStatuses(lead.place, shaOf(lead))).find(
    (status) =>
      status.creator?.id === me.id &&
      status.id > newest &&
      status.context === wanted.context &&
      isSame({ ...status, target: status.targetUrl }, wanted),
  );
  if (found === undefined) return post(shared, wanted, client, desk);
  await share(shared, toNote(wanted, found.id), desk);
}

/** After a final status it is read back once, and repeated if an older one won (triggers.md, step 12). */
async function readBack(
  { shared, all }: StatusWork,
  wanted: CommitStatus,
  client: ForgeClient,
  desk: Desk,
): Promise<void> {
  const { lead } = shared;
  const statuses = await client.listStatuses(lead.place, shaOf(lead));
  const winner = statuses.find((status) => status.context === wanted.context);
  const known = all.flatMap((one) => one.answer.statuses.map((status) => status.id));
  if (winner === undefined || !known.includes(winner.id)) await post(shared, wanted, client, desk);
  await noteChecked(shared, desk);
}

function noteChecked(shared: Shared, desk: Desk): Promise<void> {
  return noteAll(shared, desk, ({ checked }) => (checked ? null : { checked: true }));
}

/** Notes a status that the forge has for all that share it; intents are fulfilled by it. */
function share(shared: Shared, status: NotedStatus, desk: Desk): Promise<void> {
  return noteAll(shared, desk, ({ statuses }) => {
    const known = statuses.filter(({ id }) => id !== null);
    if (known.some(({ id }) => id === status.id) && known.length === statuses.length) return null;
    return { statuses: [...known.filter(({ id }) => id !== status.id), status] };
  });
}

/** What was dropped before it was ever pending takes nothing from the verdict of another run on the commit. */
function isNeedless({ lead, members }: Shared, all: readonly Entry[], desk: Desk): boolean {
  const isDropped = lead.state === 'over' && lead.view.results === null;
  return isDropped && rivalsOf(members, all, desk).some(({ answer }) => answer.statuses.length > 0);
}

function isOvertaken(shared: Shared, all: readonly Entry[], desk: Desk): boolean {
  if (shared.lead.state === 'over') return false;
  const newest = newestId(shared);
  const over = rivalsOf(shared.members, all, desk).filter(({ state }) => state === 'over');
  return newest > 0 && over.some((one) => newestId({ lead: one, members: [one] }) > newest);
}

/** Other triggers whose status stands in the same place. */
function rivalsOf(members: readonly Entry[], all: readonly Entry[], { settings }: Desk): readonly Entry[] {
  const context = (one: Entry) => statusContext(one.record as Trigger, settings.context);
  const own = members[0] as Entry;
  return all.filter(
    (one) =>
      !members.includes(one) &&
      one.record.type === 'trigger' &&
      shaOf(one) === shaOf(own) &&
      context(one) === context(own),
  );
}

/** The last one noted: an intent of which nobody knows what became, else the one with the highest id. */
function lastOf({ members }: Shared): NotedStatus | undefined {
  const all = members.flatMap(({ answer }) => answer.statuses);
  return all.find(({ id }) => id === null) ?? [...all].sort((a, b) => (a.id ?? 0) - (b.id ?? 0)).at(-1);
}

function newestId({ members }: Shared): number {
  return Math.max(0, ...members.flatMap(({ answer }) => answer.statuses.map((status) => status.id ?? 0)));
}

/** Who has an intent open keeps it; else the first to whom something is left to post. */
function holderOf({ lead, members }: Shared): Entry {
  const hasIntent = ({ answer }: Entry) => answer.statuses.some(({ id }) => id === null);
  return members.find(hasIntent) ?? members.find(({ answer }) => !answer.final) ?? lead;
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

/** Pending before and after, in other words. */
function isUpdate(last: NotedStatus, wanted: CommitStatus): boolean {
  return last.id !== null && last.state === 'pending' && wanted.state === 'pending' && !isSame(last, wanted);
}
