import { readFile, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { describeProblem } from './problems.ts';
import { readConfigFile } from './read-file.ts';
import { type Config, configSchema, sectionKeys, typeOf } from './schema.ts';

export type LoadOptions = {
  /** Name of the program's section: `poll`. */
  readonly section: string;
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  readonly cwd: string;
};

/** The configuration with all defaults, and the two directories that everybody needs, absolute. */
export type LoadedConfig = Config & {
  readonly state: string;
  readonly runs: string;
  readonly from: string | null;
};

/**
 * Reads the configuration: flag, then `CCCI_…`, then file, then default (design.md, Configuration).
 * All problems are listed at once in one `Failure` with status 78; no other file is opened.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const { spool, state: named } = options.flags;
  if (spool !== undefined && named !== undefined) {
    const message = '--spool and --state both name the state directory';
    throw new Failure(exitStatus.usage, 'bad-value', message, { hint: 'give --spool alone' });
  }
  const from = fileOf(options);
  const file = from === null ? {} : await readConfigFile(from);
  const merged = overlay(file, options);
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(describeProblem);
    throw new Failure(
      exitStatus.configuration,
      'bad-configuration',
      `${from ?? 'configuration'}: ${problems.join('; ')}`,
      { hint: 'see README.md, Configuration' },
    );
  }
  const state = resolve(options.cwd, parsed.data.state ?? defaultState(options));
  const runs = resolve(options.cwd, parsed.data.runs ?? join(state, 'runs'));
  const { directory } = parsed.data.metrics;
  const metrics = directory === undefined ? {} : { directory: resolve(options.cwd, directory) };
  return { ...parsed.data, state, runs, metrics, from };
}

/**
 * Reads a secret from its file. `Failure` 78 when it is not there or empty, and when it lies in the Nix store, which
 * everybody can read (security.md, row secrets of the programs). `what` names it: `the read token of forge gitea`.
 */
export async function readSecretFile(path: string, what: string): Promise<string> {
  const refuse = (code: string, message: string, hint?: string) =>
    new Failure(exitStatus.configuration, code, message, { hint });
  const real = await realpath(path).catch(() => resolve(path));
  if (real.startsWith('/nix/store/')) {
    const hint = 'keep it in a file outside of the store, and hand it over with LoadCredential';
    throw refuse(
      'secret-in-store',
      `${what} in ${path} lies in the Nix store, where everybody can read it`,
      hint,
    );
  }
  const content = await readFile(path, 'utf8').catch((error) => {
    throw refuse('no-secret', `cannot read ${what} from ${path}: ${messageOf(error)}`);
  });
  if (content.trim() === '') throw refuse('empty-secret', `${what} in ${path} is empty`);
  return content.trim();
}

function fileOf({ flags, env, cwd }: LoadOptions): string | null {
  const named = flags.config ?? env.CCCI_CONFIG;
  return typeof named === 'string' && named !== '' ? resolve(cwd, named) : null;
}

function overlay(
  file: Record<string, unknown>,
  { section, flags, env }: LoadOptions,
): Record<string, unknown> {
  const given = (key: string) => {
    const value = flags[flagOf(key)] ?? env[variableOf(key)];
    return value === '' ? undefined : value;
  };
  const state = flags.spool ?? given('state');
  const shared = [
    ['state', state] as const,
    ...['runs', 'testsDir'].map((key) => [key, given(key)] as const),
  ];
  const own = sectionKeys(section).map((key) => [key, coerce(given(key), typeOf(section, key))] as const);
  // A key whose value is left out in YAML says nothing.
  const said = Object.entries(file).filter(([, value]) => value !== null);
  const merged = fromEntries([...said, ...shared]);
  const before = merged[section] ?? {};
  if (own.every(([, value]) => value === undefined)) return merged;
  // A section that is no object is left as it is, for the schema to say so.
  if (typeof before !== 'object' || Array.isArray(before)) return merged;
  return { ...merged, [section]: fromEntries([...Object.entries(before), ...own]) };
}

function fromEntries(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function variableOf(key: string): string {
  return `CCCI_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
}

/** Flags and variables are text; where the schema wants a number or a boolean, and the text is one, it becomes one. */
function coerce(value: string | boolean | undefined, type: string | undefined): unknown {
  if (type === 'number' && typeof value === 'string' && /^\d+$/.test(value)) return Number(value);
  if (type === 'boolean' && (value === 'true' || value === 'false')) return value === 'true';
  return value;
}

function defaultState({ env, isRoot }: LoadOptions): string {
  if (isRoot) return '/var/lib/ccci';
  return join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local', 'state'), 'ccci');
}
