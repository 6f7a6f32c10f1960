import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { didYouMean } from '../program/nearest.ts';
import { type Config, configSchema } from './schema.ts';

export type LoadOptions = {
  /** Name of the program's section: `poll`. */
  readonly section: string;
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isRoot: boolean;
  readonly cwd: string;
};

/** The configuration with all defaults, and the two directories that everybody needs, absolute. */
export type LoadedConfig = Config & { readonly state: string; readonly runs: string; readonly from: string | null };

/**
 * Reads the configuration: flag, then `CCCI_…`, then file, then default (design.md, Configuration).
 * All problems are listed at once in one `Failure` with status 78; no other file is opened.
 */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const from = fileOf(options);
  const file = from === null ? {} : await readConfigFile(from);
  const merged = overlay(file, options);
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => describe(issue));
    throw new Failure(
      exitStatus.configuration,
      'bad-configuration',
      `${from ?? 'configuration'}: ${problems.join('; ')}`,
      { hint: 'see ccci-records(5) or README.md, Configuration' },
    );
  }
  const state = resolve(options.cwd, parsed.data.state ?? defaultState(options));
  const runs = resolve(options.cwd, parsed.data.runs ?? join(state, 'runs'));
  return { ...parsed.data, state, runs, from };
}

/** Reads a secret from its file; `Failure` 78 when it is not there or empty. */
export async function readSecretFile(path: string, what: string): Promise<string> {
  const content = await readFile(path, 'utf8').catch((error) => {
    throw new Failure(exitStatus.configuration, 'no-secret', `cannot read ${what} from ${path}: ${messageOf(error)}`);
  });
  if (content.trim() === '') {
    throw new Failure(exitStatus.configuration, 'empty-secret', `${what} in ${path} is empty`);
  }
  return content.trim();
}

function fileOf({ flags, env, cwd }: LoadOptions): string | null {
  const named = flags.config ?? env.CCCI_CONFIG;
  return typeof named === 'string' && named !== '' ? resolve(cwd, named) : null;
}

async function readConfigFile(path: string): Promise<Record<string, unknown>> {
  const content = await readFile(path, 'utf8').catch((error) => {
    throw new Failure(exitStatus.configuration, 'no-configuration', `cannot read configuration: ${messageOf(error)}`);
  });
  let value: unknown;
  try {
    const { parse } = await import('yaml');
    value = path.endsWith('.json') ? JSON.parse(content) : parse(content);
  } catch (error) {
    throw new Failure(exitStatus.configuration, 'bad-configuration', `${path}: ${messageOf(error)}`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Failure(exitStatus.configuration, 'bad-configuration', `${path}: an object is expected`);
  }
  return value as Record<string, unknown>;
}

function overlay(file: Record<string, unknown>, { section, flags, env }: LoadOptions): Record<string, unknown> {
  const shared = ['state', 'runs', 'testsDir'] as const;
  const merged: Record<string, unknown> = { ...file };
  for (const key of shared) {
    const given = flags[flagOf(key)] ?? env[variableOf(key)];
    if (given !== undefined && given !== '') merged[key] = given;
  }
  const own: Record<string, unknown> = { ...((file[section] as object | undefined) ?? {}) };
  for (const key of sectionKeys(section)) {
    const given = flags[flagOf(key)] ?? env[variableOf(key)];
    if (given !== undefined && given !== '') own[key] = coerce(given);
  }
  if (Object.keys(own).length > 0) merged[section] = own;
  return merged;
}

/** Keys of one program's section, as flags (`--interval-ms`) and variables (`CCCI_INTERVAL_MS`) name them. */
function sectionKeys(section: string): readonly string[] {
  const shape = (configSchema.shape as Record<string, z.ZodType>)[section];
  const inner = (shape as { unwrap?: () => { shape?: object } } | undefined)?.unwrap?.();
  return Object.keys(inner?.shape ?? {});
}

function flagOf(key: string): string {
  return key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function variableOf(key: string): string {
  return `CCCI_${flagOf(key).replaceAll('-', '_').toUpperCase()}`;
}

function coerce(value: string | boolean): unknown {
  if (typeof value === 'boolean') return value;
  if (/^\d+$/.test(value)) return Number(value);
  if (value === 'true' || value === 'false') return value === 'true';
  return value;
}

function describe(issue: z.core.$ZodIssue): string[] {
  const where = issue.path.map(String).join('.');
  if (issue.code !== 'unrecognized_keys') return [`${where || 'configuration'}: ${issue.message}`];
  const known = knownKeys(issue.path);
  return issue.keys.map((key) => `unknown key ${[where, key].filter(Boolean).join('.')}${didYouMean(key, known)}`);
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path.length === 0) return Object.keys(configSchema.shape);
  if (path[0] === 'forges') return Object.keys(configSchema.shape.forges.unwrap().valueType.shape);
  return sectionKeys(String(path[0]));
}

function defaultState({ env, isRoot }: LoadOptions): string {
  if (isRoot) return '/var/lib/ccci';
  return join(env.XDG_STATE_HOME ?? join(env.HOME ?? homedir(), '.local', 'state'), 'ccci');
}
