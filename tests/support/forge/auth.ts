/** Who asks, and whether the token may. */
import { type Answer, problem } from './answers.ts';
import { accountById } from './find.ts';
import type { Scope } from './route.ts';
import type { Account, Store, Token } from './store.ts';

/** The asker of one request: neither for an anonymous one. */
export type Asker = { readonly account: Account | null; readonly token: Token | null };

/** Reads `Authorization: token X`, `Bearer X` or, as git sends it, `Basic`; an unknown token is a 401. */
export function authenticate(store: Store, header: string | undefined): Asker | Answer {
  const [scheme = '', value = ''] = (header ?? '').split(' ');
  const candidates = secrets(scheme.toLowerCase(), value);
  if (candidates.length === 0) return { account: null, token: null };
  const token = candidates.map((secret) => store.tokens.get(secret)).find((one) => one !== undefined);
  if (token === undefined) return problem(401, 'user does not exist [uid: 0, name: ]');
  return { account: accountById(store, token.accountId), token };
}

/** Undefined when the token's scopes are enough: reads need `read:X`, all else `write:X`; write implies read. */
export function refuseScope(token: Token | null, method: string, scope: Scope): Answer | undefined {
  if (token === null || scope === null) return undefined;
  const needed = `${method === 'GET' ? 'read' : 'write'}:${scope}`;
  if (['all', needed, `write:${scope}`].some((one) => token.scopes.includes(one))) return undefined;
  const has = token.scopes.join(',');
  return problem(
    403,
    `token does not have at least one of required scope(s), required=[${needed}], token scope=${has}`,
  );
}

function secrets(scheme: string, value: string): string[] {
  if (scheme === 'token' || scheme === 'bearer') return [value];
  return scheme === 'basic' ? Buffer.from(value, 'base64').toString().split(':').filter(Boolean) : [];
}
