import { parseArgs as tokenize } from 'node:util';
import type { ArgsDef } from 'citty';
import { parseArgs } from 'citty';
import { exitStatus, Failure } from './failure.ts';
import { didYouMean } from './nearest.ts';

/** What every program understands besides its own flags. */
export const commonFlags = {
  config: { type: 'string', description: 'Configuration file (JSON or YAML)', valueHint: 'FILE' },
  state: { type: 'string', description: 'State directory, instead of the configured one', valueHint: 'DIR' },
  'log-format': { type: 'string', description: 'Messages on standard error as text or json', valueHint: 'FORMAT' },
  help: { type: 'boolean', description: 'Print this help and end' },
  version: { type: 'boolean', description: 'Print the version and end' },
} as const satisfies ArgsDef;

export type Flags = Readonly<Record<string, string | boolean | undefined>>;

/**
 * Parses a command line and refuses what is not defined: an unknown flag, a stray word, a flag without its value.
 * Errors are `Failure` with status 64 and one line that names the nearest known flag (style.md, Command line).
 */
export function parseFlags(args: readonly string[], definitions: ArgsDef): Flags {
  checkTokens(args, definitions);
  const parsed = parseArgs([...args], definitions) as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(definitions).map((name) => [name, parsed[name] as string | boolean | undefined]),
  );
}

function checkTokens(args: readonly string[], definitions: ArgsDef): void {
  const options = Object.fromEntries(
    Object.entries(definitions)
      .filter(([, definition]) => definition.type !== 'positional')
      .map(([name, definition]) => [name, { type: definition.type === 'boolean' ? 'boolean' : 'string' } as const]),
  );
  const { tokens } = tokenize({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  let places = Object.values(definitions).filter((definition) => definition.type === 'positional').length;
  for (const token of tokens) {
    if (token.kind === 'option') checkOption(token, options, definitions);
    if (token.kind === 'positional' && places-- <= 0) {
      throw usage('stray-word', `unexpected argument ${quote(token.value)}; this program takes no further words`);
    }
  }
}

type OptionToken = { readonly name: string; readonly rawName: string; readonly value?: string | undefined };

function checkOption(
  token: OptionToken,
  options: Readonly<Record<string, { readonly type: string }>>,
  definitions: ArgsDef,
): void {
  const known = Object.keys(options);
  const negated = token.name.startsWith('no-') && definitions[token.name.slice(3)]?.type === 'boolean';
  if (!known.includes(token.name) && !negated) {
    throw usage('unknown-flag', `unknown flag ${token.rawName}${didYouMean(token.name, known).replace('mean ', 'mean --')}`);
  }
  if (options[token.name]?.type === 'string' && (token.value === undefined || token.value === '')) {
    throw usage('missing-value', `flag ${token.rawName} needs a value`);
  }
  if (options[token.name]?.type === 'boolean' && token.value !== undefined) {
    throw usage('stray-value', `flag ${token.rawName} takes no value`);
  }
}

function usage(code: string, message: string): Failure {
  return new Failure(exitStatus.usage, code, message, { hint: 'see --help' });
}

function quote(word: string): string {
  return JSON.stringify(word);
}
