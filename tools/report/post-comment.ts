import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import {
  type CommentKind,
  commentBody,
  commentKind,
  marker,
  markerStart,
  readMarker,
} from '@ccci/lib/pages/comment.ts';
import { hashOf } from './comment-hash.ts';
import { conversationOf, isNews, type Told } from './conversation.ts';
import type { Desk } from './desk.ts';
import { type Entry, note } from './entry.ts';
import type { Held } from './held.ts';

/** A comment of ours on the forge, and the entry that it is noted under. */
type Ours = { readonly id: number; readonly hash: string; readonly entry: Entry };

type Text = { readonly kind: CommentKind; readonly body: string; readonly hash: string };

export type CommentWork = { readonly all: readonly Entry[]; readonly held: Held };

/**
 * Brings our one comment to what it should say (triggers.md, step 13; L08). The outcome of a run is a new comment, so
 * that people are told, and what was there before is deleted then; everything else edits in place.
 */
export async function postComment(
  told: Told,
  { all, held }: CommentWork,
  client: ForgeClient,
  desk: Desk,
): Promise<void> {
  const owner = told.main ?? told.notices.at(-1);
  if (owner === undefined) return;
  const text = write(told, desk);
  const isOutcome = text.kind === 'outcome' && isNews(owner) && !owner.answer.told;
  // Somebody does not want it: only an outcome that nobody was told yet is said once more.
  if (isUnwanted(owner) && !isOutcome) return noteTold(told, owner, text, desk);
  const present = await findOurs(owner, all, client, desk);
  const kept =
    isOutcome && desk.settings.notify
      ? (present.find((one) => isOutcomeOf(one, owner)) ?? (await create(owner, text, client, desk)))
      : await editOrCreate(owner, { text, present, held: isOutcome ? null : held }, client, desk);
  if (kept === 'unwanted') return noteTold(told, owner, text, desk);
  if (kept === null) return;
  await noteTold(told, owner, text, desk);
  for (const other of present) if (other.id !== kept.id) await remove(other, owner, client, desk);
}

/** How often a comment that somebody else deletes is made again, for one trigger. */
const mostTimesMade = 1;

function isUnwanted({ answer }: Entry): boolean {
  return (answer.gone ?? 0) > mostTimesMade;
}

/** Who is told by this text, or has made it plain that they do not want to be. */
async function noteTold(told: Told, owner: Entry, { kind }: Text, desk: Desk): Promise<void> {
  const quiet = told.earlier.filter((entry) => !isNews(entry));
  const tellers = [...(kind === 'outcome' ? [owner] : []), ...quiet, ...told.notices];
  for (const one of tellers) if (!one.answer.told) await note(one, desk, { told: true });
}

function write(told: Told, { settings }: Desk): Text {
  const conversation = conversationOf(told);
  const body = commentBody(conversation, settings);
  return {
    kind: commentKind(conversation),
    body,
    hash: hashOf(body),
  };
}

/** What is noted with an id is believed; an intent without one, or no note at all, is looked up on the forge first. */
async function findOurs(
  owner: Entry,
  all: readonly Entry[],
  client: ForgeClient,
  desk: Desk,
): Promise<readonly Ours[]> {
  const { place } = owner;
  const isKnown = all.some((entry) => entry.answer.comments.length > 0);
  const isCertain = all.every((entry) => entry.answer.comments.every((comment) => comment.id !== null));
  if (isKnown && isCertain) return noted(all);
  const me = await client.whoAmI();
  const comments = await client.listComments(place, place.number);
  const ours = comments.filter(({ author, body }) => author?.id === me.id && body.startsWith(markerStart));
  for (const entry of all) await settleIntents(entry, ours, desk);
  const known = noted(all);
  const strays = ours.filter(({ id }) => !known.some((one) => one.id === id));
  if (strays.length === 0) return known;
  // From now on they are remembered, until one of them is ours and the others are gone.
  const adopted = strays.map(({ id, body }) => ({ kind: kindFor(owner, body), id, hash: '' }));
  await note(owner, desk, { comments: [...owner.answer.comments, ...adopted] });
  return noted(all);
}

/** The outcome of another key is not the owner's. */
function kindFor({ key }: Entry, body: string): CommentKind {
  const found = readMarker(body);
  return found?.key === key ? found.kind : 'notice';
}

/** An intent is fulfilled by the newest comment of ours with its marker, or dropped: then it was never posted. */
async function settleIntents(
  entry: Entry,
  ours: readonly { readonly id: number; readonly body: string }[],
  desk: Desk,
): Promise<void> {
  const { comments } = entry.answer;
  if (comments.every((comment) => comment.id !== null)) return;
  const taken = comments.flatMap(({ id }) => (id === null ? [] : [id]));
  const settled = comments.flatMap((comment) => {
    if (comment.id !== null) return [comment];
    const start = marker(comment.kind, entry.key);
    const found = ours.findLast(({ id, body }) => body.startsWith(start) && !taken.includes(id));
    // Without its hash, because somebody may have changed it since.
    return found === undefined ? [] : [{ ...comment, id: found.id, hash: '' }];
  });
  await note(entry, desk, { comments: settled });
}

function noted(all: readonly Entry[]): Ours[] {
  return all.flatMap((entry) =>
    entry.answer.comments.flatMap(({ id, hash }) => (id === null ? [] : [{ id, hash, entry }])),
  );
}

function isOutcomeOf({ id }: Ours, owner: Entry): boolean {
  return owner.answer.comments.some((comment) => comment.id === id && comment.kind === 'outcome');
}

type Editing = {
  readonly text: Text;
  readonly present: readonly Ours[];
  /** Null for what may not wait. */
  readonly held: Held | null;
};

/** Null when the edit has to wait; `unwanted` where a person has deleted it once too often. */
async function editOrCreate(
  owner: Entry,
  { text, present, held }: Editing,
  client: ForgeClient,
  desk: Desk,
): Promise<{ readonly id: number } | null | 'unwanted'> {
  const newest = [...present].sort((a, b) => b.id - a.id)[0];
  if (newest === undefined) return create(owner, text, client, desk);
  if (newest.hash === text.hash) return newest;
  if (held !== null && held.ms > 0) {
    held.isDue = true;
    return null;
  }
  if ((await client.editComment(owner.place, newest.id, text.body)) === null) {
    await forget(newest, desk);
    await note(owner, desk, { gone: (owner.answer.gone ?? 0) + 1 });
    if (isUnwanted(owner) && held !== null) return 'unwanted';
    return create(owner, text, client, desk);
  }
  if (held !== null) held.isMade = true;
  const others = owner.answer.comments.filter(({ id }) => id !== newest.id);
  await note(owner, desk, { comments: [...others, { kind: text.kind, id: newest.id, hash: text.hash }] });
  // Afterwards: a crash in between leaves it noted twice, never nowhere.
  if (newest.entry !== owner) await forget(newest, desk);
  return newest;
}

async function create(
  owner: Entry,
  text: Text,
  client: ForgeClient,
  desk: Desk,
): Promise<{ readonly id: number }> {
  const before = owner.answer.comments;
  const intent = { kind: text.kind, id: null, hash: text.hash };
  await note(owner, desk, { comments: [...before, intent] });
  const { id } = await client.createComment(owner.place, owner.place.number, text.body);
  await note(owner, desk, { comments: [...before, { ...intent, id }] });
  return { id };
}

async function remove(ours: Ours, { place }: Entry, client: ForgeClient, desk: Desk): Promise<void> {
  await client.deleteComment(place, ours.id);
  await forget(ours, desk);
}

async function forget({ entry, id }: Ours, desk: Desk): Promise<void> {
  await note(entry, desk, { comments: entry.answer.comments.filter((comment) => comment.id !== id) });
}
