import { exitStatus, Failure } from '../program/failure.ts';
import type { EnvEntry } from './env-file.ts';
import { checkObjectName } from './names.ts';

const lower = 'abcdefghijklmnopqrstuvwxyz';
const plain = `${lower}${lower.toUpperCase()}0123456789`;
const safeSpecial = '!@#%^&*_-+=';

/** What a secret may be made of, by the word behind `charset=` in `.env.sample` (coopcloud.md, Names). */
export const charsets = {
  default: plain,
  hex: '0123456789abcdef',
  special: `${plain}${safeSpecial}$()[]{}<>?,.;:|~`,
  safespecial: `${plain}${safeSpecial}`,
} as const;
export type Charset = keyof typeof charsets;

export type SecretPlan = {
  /** Key in compose. */
  readonly name: string;
  /** Name on the swarm. */
  readonly fullName: string;
  /** In characters; null asks for a passphrase. */
  readonly length: number | null;
  readonly charset: Charset;
  /** False: it must be inserted by a hook or the operator. */
  readonly generate: boolean;
};

export type PlanSecretsOptions = {
  /** Of `.env.sample`. */
  readonly entries: readonly EnvEntry[];
  /** `externalSecrets` of `prepareForRun`: key in compose, name on the swarm. */
  readonly secrets: readonly { readonly key: string; readonly name: string }[];
};

/**
 * How each external secret of a stack is made, from the modifiers behind its version in `.env.sample`.
 *
 * @throws Failure `no-version`, `name-too-long`, `bad-modifier`; all about the recipe, before anything is deployed.
 */
export function planSecrets({ entries, secrets }: PlanSecretsOptions): SecretPlan[] {
  return secrets.map(({ key, name }) => {
    checkObjectName(name);
    const entry = versionEntry(entries, key, name);
    return { name: key, fullName: name, ...readModifiers(entry?.modifiers ?? {}, entry?.key ?? key) };
  });
}

/**
 * A new value for a secret: `length` characters of its set, else five pronounceable words (90 bits).
 *
 * @param randomBytes the source, such as `node:crypto`'s; every byte is used without bias.
 */
export function generateSecret(plan: SecretPlan, randomBytes: (count: number) => Uint8Array): string {
  if (plan.length !== null) return pick(charsets[plan.charset], plan.length, randomBytes);
  return Array.from({ length: 5 }, () => word(randomBytes)).join('-');
}

/** The line that carries the version: by the name's words, whatever `-` and `_` are; a set line before a commented one. */
function versionEntry(entries: readonly EnvEntry[], key: string, fullName: string): EnvEntry | undefined {
  const wanted = `SECRET_${key.replaceAll('-', '_').toUpperCase()}_VERSION`;
  const candidates = entries.filter((entry) => /^SECRET_.+_VERSION$/.test(entry.key));
  const named = candidates.filter((entry) => entry.key === wanted);
  const within = candidates.filter((entry) =>
    fullName
      .toUpperCase()
      .replaceAll('-', '_')
      .endsWith(`_${entry.key.slice(7, -8)}_${entry.value.toUpperCase()}`),
  );
  const found = named.length > 0 ? named : within;
  return found.find((entry) => !entry.commented) ?? found[0];
}

function readModifiers(
  modifiers: Readonly<Record<string, string>>,
  where: string,
): Pick<SecretPlan, 'length' | 'charset' | 'generate'> {
  const { length, charset = 'default', generate } = modifiers;
  if (!Object.hasOwn(charsets, charset)) {
    throw badModifier(where, `charset=${charset}`, `one of ${Object.keys(charsets).join(', ')}`);
  }
  if (length !== undefined && !(/^\d{1,4}$/.test(length) && Number(length) > 0)) {
    throw badModifier(where, `length=${length}`, 'a number from 1 to 9999');
  }
  return {
    length: length === undefined ? null : Number(length),
    charset: charset as Charset,
    generate: generate !== 'false',
  };
}

function badModifier(where: string, given: string, expected: string): Failure {
  return new Failure(
    exitStatus.badInput,
    'bad-modifier',
    `.env.sample: ${where}: ${given}: expected ${expected}`,
  );
}

function word(randomBytes: (count: number) => Uint8Array): string {
  const syllable = () => pick('bcdfghjklmnprstv', 1, randomBytes) + pick('aeiu', 1, randomBytes);
  return `${syllable()}${syllable()}${syllable()}`;
}

/** Bytes above the largest multiple of the set's size are thrown away: no character is likelier than another. */
function pick(characters: string, count: number, randomBytes: (count: number) => Uint8Array): string {
  const limit = 256 - (256 % characters.length);
  let picked = '';
  while (picked.length < count) {
    for (const byte of randomBytes(count - picked.length)) {
      if (byte < limit) picked += characters[byte % characters.length];
    }
  }
  return picked;
}
