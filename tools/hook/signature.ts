import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/**
 * The signature that a delivery carries, 32 bytes; null where there is none, where it is empty (a webhook without a
 * secret sends that) or odd, and where Gitea's and Forgejo's differ. GitHub's counts only where both are absent.
 */
export function readSignature(headers: IncomingHttpHeaders): Buffer | null {
  const own = [headers['x-gitea-signature'], headers['x-forgejo-signature']].filter(isGiven);
  const [first, second] = own.length > 0 ? own : [hubSignature(headers)];
  if (!isGiven(first) || (isGiven(second) && second !== first)) return null;
  return /^[0-9a-f]{64}$/i.test(String(first)) ? Buffer.from(String(first), 'hex') : null;
}

/** Whether the raw body was signed with this secret (HMAC-SHA256), in constant time. */
export function isSignedWith(secret: string, body: Uint8Array, signature: Buffer): boolean {
  if (secret === '') return false;
  const expected = createHmac('sha256', secret).update(body).digest();
  return expected.length === signature.length && timingSafeEqual(expected, signature);
}

function hubSignature({ 'x-hub-signature-256': value }: IncomingHttpHeaders): string | undefined {
  return /^sha256=(.*)$/.exec(String(value))?.[1];
}

function isGiven<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
