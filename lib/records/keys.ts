import { createHash } from 'node:crypto';

/** `<forge>-<comment id>`: the same comment has the same key from every source (records.md). */
export function commentKey(forge: string, commentId: number): string {
  return `${slug(forge)}-${commentId}`;
}

/** `hand-<yyyymmddThhmmss>-<4 hex>`; `random` gives the four digits. */
export function handKey(now: Date, random: string): string {
  return `hand-${compactInstant(now).toLowerCase().replace('z', '')}-${random.slice(0, 4)}`;
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
