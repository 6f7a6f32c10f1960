import type { Config } from '@ccci/lib/config/schema.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { keySchema } from '@ccci/lib/records/common.ts';
import { commentKey } from '@ccci/lib/records/keys.ts';

/** A pull request, as an address names it. */
export type PullAddress = {
  readonly forge: string;
  readonly owner: string;
  readonly name: string;
  readonly number: number;
};

/** What is asked about: one key, or all of a pull request; `pull` is null where only the key is known. */
export type Subject =
  | { readonly kind: 'key'; readonly key: string; readonly pull: PullAddress | null }
  | { readonly kind: 'pull'; readonly pull: PullAddress };

/**
 * Reads the word behind `--explain`: a key, or the address of a comment or pull request below a configured forge.
 * `Failure` 64 for anything else.
 */
export function readSubject(word: string, forges: Config['forges']): Subject {
  if (!/[/:]/.test(word)) {
    if (keySchema.safeParse(word).success) return { kind: 'key', key: word, pull: null };
    throw refuse(word, 'it is neither an address nor a key');
  }
  const url = parseUrl(word);
  const [forge, rest] = forgeOf(url, forges) ?? [];
  if (forge === undefined || rest === undefined) {
    const known = Object.values(forges).map((one) => one.url);
    throw refuse(word, `it is below no configured forge (${known.join(', ') || 'there is none'})`);
  }
  const match = /^\/([^/]+)\/([^/]+)\/(?:pulls|issues)\/(\d+)(?:\/[a-z]*)?$/.exec(rest);
  if (match === null) throw refuse(word, 'it names no pull request');
  const [, owner = '', name = '', number = ''] = match;
  const pull = {
    forge,
    owner: decodeURIComponent(owner),
    name: decodeURIComponent(name),
    number: Number(number),
  };
  const comment = /^#issuecomment-(\d+)$/.exec(url.hash);
  if (comment === null) return { kind: 'pull', pull };
  return { kind: 'key', key: commentKey(forge, Number(comment[1])), pull };
}

function parseUrl(word: string): URL {
  try {
    return new URL(word);
  } catch {
    throw refuse(word, 'it is no address');
  }
}

/** The forge of an address and the path below its own. */
function forgeOf(url: URL, forges: Config['forges']): readonly [name: string, rest: string] | undefined {
  for (const [name, forge] of Object.entries(forges)) {
    const own = new URL(forge.url);
    const base = own.pathname.replace(/\/+$/, '');
    const isBelow = url.host === own.host && url.pathname.startsWith(`${base}/`);
    if (isBelow) return [name, url.pathname.slice(base.length).replace(/\/+$/, '')];
  }
  return undefined;
}

function refuse(word: string, why: string): Failure {
  return new Failure(exitStatus.usage, 'bad-value', `cannot explain ${JSON.stringify(word)}: ${why}`, {
    hint: 'give the address of a comment or pull request, or a key such as gitea-14497',
  });
}
