import { parseArgs as tokenize } from 'node:util';
import type { ArgsDef } from 'citty';
import { exitStatus, Failure } from './failure.ts';
import { nearest } from './nearest.ts';

/** What every program understands besides its own flags. */
export const commonFlags = {
  config: { type: 'string', description: 'Configuration file (JSON or YAML)', valueHint: 'FILE' },
  state: { type: 'string', description: 'State directory, instead of the configured one', valueHint: 'DIR' },
  'log-format': {
    type: 'string',
    description: 'Messages on standard error as text or json',
    valueHint: 'FORMAT',
  },
  help: { type: 'boolean', description: 'Print this help and end' },
  version: { type: 'boolean', description: 'Print the version and end' },
} as const satisfies ArgsDef;

export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Parses a command line and refuses what is not defined: an unknown flag, a stray word, a flag without its value.
 * The last of two equal flags wins; `--no-X` is the opposite of a boolean `--X`. Errors are `Failure` with status 64
 * and one line that names the nearest known flag (style.md, Command line). The tokens are Node's: citty's own parser
 * reads some lines otherwise (`--no-X` beats a later `--X`; a flag in the place of a value becomes an empty value).
 */
export function parseFlags(args: readonly string[], definitions: ArgsDef): Flags {
  const options = Object.fromEntries(
    Object.entries(definitions)
      .filter(([, { type }]) => type !== 'positional')
      .map(([name, { type }]) => [name, { type: type === 'boolean' ? 'boolean' : 'string' } as const]),
  );
  const { tokens } = tokenize({
    args: [...args],
    options,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const places = Object.keys(definitions).filter((name) => definitions[name]?.type === 'positional');
  const given = new Map<string, string | boolean>();
  for (const token of tokens) {
    if (token.kind === 'option') given.set(...readOption(token, options));
    if (token.kind === 'positional') given.set(placeOf(token.value, places), token.value);
  }
  return Object.fromEntries(Object.keys(definitions).map((name) => [name, given.get(name)]));
}

type OptionToken = {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
};
type Options = Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>;

function readOption(token: OptionToken, options: Options): [name: string, value: string | boolean] {
  const { name, rawName, value } = token;
  const positive = name.startsWith('no-') ? name.slice(3) : name;
  const isNegated = !Object.hasOwn(options, name) && typeOf(positive, options) === 'boolean';
  const type = isNegated ? 'boolean' : typeOf(name, options);
  if (type === undefined) throw usage('unknown-flag', `unknown flag ${rawName}${suggestion(name, options)}`);
  if (type === 'boolean') {
    if (value !== undefined) throw usage('stray-value', `flag ${rawName} takes no value`);
    return isNegated ? [positive, false] : [name, true];
  }
  const looksLikeFlag = token.inlineValue !== true && value !== '-' && value?.startsWith('-') === true;
  if (value === undefined || value === '' || looksLikeFlag) {
    throw usage('missing-value', `flag ${rawName} needs a value`);
  }
  return [name, value];
}

function typeOf(name: string, options: Options): 'boolean' | 'string' | undefined {
  return Object.hasOwn(options, name) ? options[name]?.type : undefined;
}

function suggestion(name: string, options: Options): string {
  const candidate = nearest(name, Object.keys(options));
  return candidate === undefined ? '' : `; did you mean --${candidate}?`;
}

function placeOf(word: string, places: string[]): string {
  const place = places.shift();
  if (place !== undefined) return place;
  throw usage(
    'stray-word',
    `unexpected argument ${JSON.stringify(word)}; this program takes no further words`,
  );
}

function usage(code: string, message: string): Failure {
  return new Failure(exitStatus.usage, code, message, { hint: 'see --help' });
}
