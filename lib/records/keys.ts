import { createHash } from 'node:crypto';

/** `<forge>-<comment id>`: the same comment has the same key from every source (records.md). */
export function commentKey(forge: string, commentId: number): string {
  return `${slug(forge)}-${commentId}`;
}

/** `hand-<yyyymmddThhmmss>-<4 hex>`; `random` gives the four digits. */
export function handKey(now: Date, random: string): string {
  return `hand-${compactInstant(now).toLowerCase().replace('z', '')}-${random.slice(0, 4)}`;
}

/** What a sweep found to test, and when it began. */
export type SweptThing = {
  /** `20261123`, or with the time of day where the same is to be tested again: `20261123t101500`. */
  readonly day: string;
  readonly forge: string;
  readonly owner: string;
  readonly name: string;
  /** Number of the pull request, or name of the version tag; neither for the tip of the default branch. */
  readonly pull?: number;
  readonly tag?: string;
  /** Whether another enrolled repository has the same `slug(name)`. */
  readonly isShared: boolean;
};

/**
 * `sweep-<yyyymmdd>-<recipe>` (records.md), for a pull request `…-pr3`, for a version `1.2.3+4.5` `…-1.2.3-4-5`. Where
 * that could mean something else too, or is too long, 8 digits of a hash of the whole come behind it: two things never
 * have one key, and none has that of a further attempt (`.2`). It hangs on nothing but the arguments.
 */
export function sweepKey({ day, forge, owner, name, pull, tag, isShared }: SweptThing): string {
  const recipe = slug(name);
  const ending = endingOf(pull, tag);
  const plain = `sweep-${day}-${recipe}${ending}`;
  if (!isShared && plain.length <= keyLimit && isPlain(recipe, ending, tag)) return plain;
  const whole = [forge, owner, name].map((part) => part.toLowerCase());
  const hash = `-${shortHash(JSON.stringify([...whole, pull ?? null, tag ?? null]), 8)}`;
  const shortEnding = ending.slice(0, 30);
  const room = keyLimit - `sweep-${day}-${shortEnding}${hash}`.length;
  return `sweep-${day}-${recipe.slice(0, room)}${shortEnding}${hash}`;
}

/** `20261123T101500Z`: sorts by time, and is a file name. */
export function compactInstant(at: Date): string {
  return `${at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** Name of the queue file and of the accepted file: when the comment was created, and the key (triggers.md). */
export function fileName(createdAt: Date, key: string): string {
  return `${compactInstant(createdAt)}-${key}`;
}

/** Only what a key may hold: `[a-z0-9.-]`. */
export function slug(text: string): string {
  return text.toLowerCase().replaceAll(/[^a-z0-9.-]+/g, '-');
}

/** First hexadecimal digits of the SHA-256 of a text. */
export function shortHash(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits);
}

const keyLimit = 80;

function endingOf(pull: number | undefined, tag: string | undefined): string {
  if (pull !== undefined) return `-pr${pull}`;
  if (tag === undefined) return '';
  const [version = '', ...upstream] = tag.split('+');
  // No dot behind the version: `.2` at the end of a key is a further attempt.
  return `-${slug(version)}-${slug(upstream.join('+')).replaceAll('.', '-')}`;
}

/** Whether nothing else could be meant: no other ending, no hash, no attempt, no other tag. */
function isPlain(recipe: string, ending: string, tag: string | undefined): boolean {
  const isClear = !/-pr\d+$|-\d+\.\d+\.\d+-/.test(recipe);
  const isFree = !/-[0-9a-f]{8}$|\.(\d+|control|repeat)$/.test(recipe + ending);
  return isClear && isFree && (tag === undefined || /^\d+\.\d+\.\d+\+[0-9a-z.]+$/.test(tag));
}
