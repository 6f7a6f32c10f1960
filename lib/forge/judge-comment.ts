import type { Cancel } from '../records/cancel.ts';
import type { Drop, DropReason } from '../records/drop.ts';
import type { Stamping } from '../records/encode.ts';
import type { Trigger, TriggerOptions } from '../records/trigger.ts';
import { decideAccess } from './access.ts';
import { type CommentPlace, makeCancel, makeDrop, makeTrigger } from './announce.ts';
import { type ForgeError, isForgeError } from './forge-error.ts';
import type { ForgeClient } from './gitea.ts';
import { type Command, parseCommand } from './grammar.ts';
import { whyHistory } from './history.ts';
import { judgePull } from './judge-pull.ts';
import { readTimeline } from './read-timeline.ts';
import type { ForgeComment, PullPlace } from './types.ts';

/** `none`: nobody asked for anything. `later`: not judged, to be kept and tried again. */
export type Judgement =
  | { readonly kind: 'none' }
  | { readonly kind: 'record'; readonly record: Trigger | Cancel | Drop }
  | {
      readonly kind: 'later';
      readonly message: string;
      readonly hint: string | undefined;
      /** What of the forge failed, where it did. */
      readonly error: ForgeError | null;
    };

export type JudgeOptions = {
  readonly client: ForgeClient;
  readonly source: 'poll' | 'hook';
  readonly word: string;
  /** Login names of the forge's allow list. */
  readonly allow: readonly string[];
  /** Whether forks may be tested. */
  readonly forks: boolean;
  /** When the organisation or repository was enrolled, RFC 3339. */
  readonly enrolledAt: string;
  readonly stamping: Stamping;
};

/**
 * Judges one comment of a pull request by the rules of triggers.md. An ordinary comment costs no request; a command
 * costs at most pull request, timeline and membership, and once in a lifetime the question who we are. The title in
 * the record is that of the pull request where it was read, else the one that is given.
 * Throws only the `AbortError`.
 */
export async function judgeComment(
  hit: PullPlace & { readonly title: string },
  comment: ForgeComment,
  options: JudgeOptions,
): Promise<Judgement> {
  const { client, source, word, stamping } = options;
  const command = comment.isMigrated ? ({ kind: 'none' } as const) : parseCommand(comment.body, word);
  if (command.kind === 'none' || comment.author === null) return { kind: 'none' };
  const { author } = comment;
  const place: CommentPlace = {
    forge: { name: client.name, url: client.url },
    source,
    owner: hit.owner,
    name: hit.name,
    pr: { number: hit.number, title: hit.title },
    comment: { id: comment.id, author: author.login, createdAt: comment.createdAt },
  };
  try {
    if ((await client.whoAmI()).id === author.id) return { kind: 'none' };
    const why = whyHistory(comment, options.enrolledAt);
    if (why !== null) return dropped(place, 'history', why, stamping);
    return await judgeCommand(command, place, options);
  } catch (error) {
    if (!isForgeError(error)) throw error;
    return { kind: 'later', message: error.message, hint: error.hint, error };
  }
}

async function judgeCommand(
  command: Exclude<Command, { kind: 'none' }>,
  seen: CommentPlace,
  options: JudgeOptions,
): Promise<Judgement> {
  if (command.kind === 'help' || command.kind === 'grammar') {
    const detail = command.kind === 'help' ? helpText(options.word) : command.detail;
    return (await refused(seen, options)) ?? dropped(seen, command.kind, detail, options.stamping);
  }
  const { client, stamping } = options;
  const pull = await client.pull(seen, seen.pr.number);
  if (pull === null) return dropped(seen, 'gone', 'the pull request is not there any more', stamping);
  // Renamed since the search: what is said now has the new name, and the same key.
  const place: CommentPlace = { ...seen, ...pull.repository, pr: { ...seen.pr, title: pull.title } };
  const since = { number: place.pr.number, since: place.comment.createdAt };
  const isAsked = pull.isOpen || command.kind === 'cancel';
  const timeline = isAsked ? await readTimeline(client, place, since) : [];
  const asked = command.kind === 'trigger' ? command.options : null;
  const facts = {
    pull,
    timeline,
    comment: place.comment,
    options: asked,
    forks: options.forks,
    word: options.word,
  };
  const verdict = judgePull(facts);
  if (verdict?.reason === 'history') return dropped(place, verdict.reason, verdict.detail, stamping);
  const no = await refused(place, options);
  if (no !== null) return no;
  if (verdict !== null) return dropped(place, verdict.reason, verdict.detail, stamping);
  return { kind: 'record', record: made(place, { pull, options: asked }, stamping) };
}

/** Null when the author may ask for it. */
async function refused(
  place: CommentPlace,
  { client, allow, stamping }: JudgeOptions,
): Promise<Judgement | null> {
  const { author: login } = place.comment;
  const access = await decideAccess({
    login,
    organisation: place.owner,
    allow,
    membership: () => client.membership(place.owner, login),
  });
  if (access.kind === 'yes') return null;
  if (access.kind === 'no') return dropped(place, 'not-allowed', access.detail, stamping);
  return { kind: 'later', message: access.message, hint: access.hint, error: null };
}

function made(
  place: CommentPlace,
  {
    pull,
    options,
  }: { readonly pull: Parameters<typeof makeCancel>[1]; readonly options: TriggerOptions | null },
  stamping: Stamping,
): Trigger | Cancel {
  return options === null
    ? makeCancel(place, pull, stamping)
    : makeTrigger(place, { pull, options }, stamping);
}

function dropped(place: CommentPlace, reason: DropReason, detail: string, stamping: Stamping): Judgement {
  return { kind: 'record', record: makeDrop(place, { reason, detail }, stamping) };
}

function helpText(word: string): string {
  return `${word} [--quick | --stages=a,b] [commit] tests the head of this pull request, !cancel ends it; each is a line of its own in a new comment, reviews and descriptions are not read`;
}
