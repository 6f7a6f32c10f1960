import { exitStatus, Failure } from '../program/failure.ts';

/** One assignment of a `.env` or `.env.sample`. */
export type EnvEntry = {
  readonly key: string;
  /** Without its quotes and comment, not expanded. */
  readonly value: string;
  /** `length=64 charset=hex` of the comment behind the value. */
  readonly modifiers: Readonly<Record<string, string>>;
  /** Counted from 1. */
  readonly line: number;
  /** `#KEY=…`: known to the sample, not set. */
  readonly commented: boolean;
  /** In single quotes: `$` means itself. */
  readonly literal: boolean;
};

/**
 * Reads the assignments of an env file; any other line is passed over.
 *
 * Quotes, `export`, Windows line ends and a last line without newline (L63) are understood;
 * a `#` begins a comment at the start of a line, behind white space or behind a closing quote.
 */
export function parseEnvFile(text: string): EnvEntry[] {
  return text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index) => parseLine(line, index + 1));
}

/**
 * The variables that the entries set, expanded in order on top of `initial` (which is part of the result).
 *
 * A later line may use an earlier one or itself: `COMPOSE_FILE="$COMPOSE_FILE:compose.postgres.yml"`.
 * Understands `$V`, `${V}`, `${V-d}`, `${V:-d}`; a variable that nobody set is empty.
 */
export function expandEnv(
  entries: readonly EnvEntry[],
  initial: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const env: Record<string, string> = { ...initial };
  for (const entry of entries) {
    if (entry.commented) continue;
    env[entry.key] = entry.literal ? entry.value : expandText(entry.value, env);
  }
  return env;
}

/** Longest value, in characters: no program can be started with a longer one (Linux: 128 KiB each). */
const longestValue = 64 * 1024;

/**
 * `text` with its `$V`, `${V}`, `${V-d}` and `${V:-d}` replaced; `\$` is a plain dollar sign.
 *
 * @throws Failure 65 `bad-env` where that comes to more than 64 Ki characters: lines that double one another's value
 * would fill the memory.
 */
export function expandText(text: string, env: Readonly<Record<string, string>>): string {
  let left = longestValue;
  const expanded = checked(text).replaceAll(
    /\\\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?-)([^}]*))?\})/g,
    (_match, bare?: string, braced?: string, operator?: string, fallback?: string) => {
      const name = bare ?? braced;
      if (name === undefined) return '$';
      const value = Object.hasOwn(env, name) ? env[name] : undefined;
      const missing = value === undefined || (operator === ':-' && value === '');
      const inserted = (missing ? fallback : value) ?? '';
      left -= inserted.length;
      return left < 0 ? checked(null) : inserted;
    },
  );
  return checked(expanded);
}

function checked(text: string | null): string {
  if (text !== null && text.length <= longestValue) return text;
  const message = `.env: a value has more than ${longestValue} characters`;
  throw new Failure(exitStatus.badInput, 'bad-env', message, { hint: 'shorten it in .env.sample' });
}

const assignment = /^\s*(#\s?)?(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;

function parseLine(line: string, number: number): EnvEntry[] {
  const match = assignment.exec(line);
  if (match === null) return [];
  const commented = match[1] !== undefined;
  const key = match[2] ?? '';
  // Prose such as "# note = see below" is not an assignment that somebody switched off.
  if (commented && !/^[A-Z_][A-Z0-9_]*$/.test(key)) return [];
  const { value, comment, literal } = splitComment((match[3] ?? '').trim());
  return [{ key, value, modifiers: parseModifiers(comment), line: number, commented, literal }];
}

function splitComment(rest: string): { value: string; comment: string; literal: boolean } {
  const single = /^'([^']*)'\s*(?:#(.*))?$/.exec(rest);
  if (single !== null) return { value: single[1] ?? '', comment: single[2] ?? '', literal: true };
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#(.*))?$/.exec(rest);
  if (double !== null)
    return { value: resolveEscapes(double[1] ?? ''), comment: double[2] ?? '', literal: false };
  const hash = rest.search(/(?:^|\s)#/);
  if (hash < 0) return { value: rest, comment: '', literal: false };
  const comment = rest.slice(hash).replace(/^\s?#/, '');
  return { value: rest.slice(0, hash).trimEnd(), comment, literal: false };
}

/** `\$` stays as it is: it is the expansion that reads it. */
function resolveEscapes(text: string): string {
  return text.replaceAll(/\\([nt"\\])/g, (_match, letter: string) =>
    letter === 'n' ? '\n' : letter === 't' ? '\t' : letter,
  );
}

function parseModifiers(comment: string): Record<string, string> {
  return Object.fromEntries(
    comment
      .split(/[\s,]+/)
      .map((word) => /^([a-z][a-z_-]*)=(\S+)$/.exec(word))
      .flatMap((match) => (match === null ? [] : [[match[1] ?? '', match[2] ?? '']])),
  );
}
