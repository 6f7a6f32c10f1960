import { createHash } from 'node:crypto';

/** By which a text of ours is known again: 16 hexadecimal digits. */
export function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 16);
}

/** Whether a comment still has the text that was noted; a forge may have taken the white space off its end. */
export function isUntouched(body: string, hash: string): boolean {
  const text = body.replaceAll('\r\n', '\n');
  return [body, text, `${text.trimEnd()}\n`].some((one) => hashOf(one) === hash);
}
