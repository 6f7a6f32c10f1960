import { parse } from 'yaml';
import { z } from 'zod';
import { exitStatus, Failure, messageOf } from '../program/failure.ts';
import { didYouMean } from '../program/nearest.ts';
import { byCodeUnit } from './compose.ts';

/** A week; a timer of Node's holds 24 days, and fires at once beyond. */
const mostSeconds = 604_800;
const seconds = z
  .int('expected a whole number of seconds')
  .positive()
  .max(mostSeconds, `expected at most ${mostSeconds} seconds (a week)`);
const path = z.string().regex(/^\//, 'expected a path that begins with /');
const httpStatus = z.int().min(100).max(599);
const httpStatuses = z.union([httpStatus.transform((status) => [status]), z.array(httpStatus).min(1)], {
  error: 'expected one HTTP status or a list of them',
});
const port = z.int().min(1).max(65_535);
const value = z.union([z.string(), z.number(), z.boolean()], {
  error: 'expected a text, a number, true or false',
});
const variables = z.record(
  z
    .string()
    .regex(/^[A-Za-z_]\w*$/, 'expected the name of a variable')
    .refine((name) => name !== 'DOMAIN' && name !== 'STACK_NAME', 'the run decides DOMAIN and STACK_NAME'),
  value.transform(String),
);
const names = z.array(z.string().min(1));
const recipes = z
  .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, 'expected the name of a recipe'))
  .transform((given) => [...new Set(given)]);

const httpReadySchema = z.strictObject({
  /** Service, `app`, with a port where it is not the routed one: `api:8080`. */
  http: z.string().min(1),
  path: path.default('/'),
  ok: httpStatuses.default([200]),
});
const tcpReadySchema = z.strictObject({
  /** Service. */
  tcp: z.string().min(1),
  port,
  /** Seconds for which it must go on answering. */
  stable: seconds.default(1),
});

/** Names that `skip` takes: stages and rungs; install and lint are never skipped (stages.md, Level). */
const skippable = ['upgrade', 'backup', 'restore', 'custom', 'backup_restore', 'functional'] as const;

/** `recipe.yml`: closed, so that a misspelt key is an error; source: stages.md, last section. */
export const settingsSchema = z.strictObject({
  health: z.strictObject({ path: path.default('/'), ok: httpStatuses.default([200]) }).prefault({}),
  /** In seconds. */
  timeouts: z
    .strictObject({ deploy: seconds.default(600), http: seconds.default(300), run: seconds.default(3600) })
    .prefault({}),
  /** Overrides of the sample; values may use `${DOMAIN}` and `${STACK_NAME}`. */
  env: variables.default({}),
  upgrade: z
    .strictObject({
      env: variables.default({}),
      /** Version to upgrade from. */
      from: z.string().min(1).nullable().default(null),
      /** Version that `compose.base.yml` is for. */
      overlay: z
        .strictObject({ for: z.string().min(1) })
        .nullable()
        .default(null),
    })
    .prefault({}),
  /** Null: as the labels say. */
  backup: z.strictObject({ enabled: z.boolean().nullable().default(null) }).prefault({}),
  ready: z.array(z.union([httpReadySchema, tcpReadySchema])).default([]),
  /** Recipes that are deployed first. */
  needs: recipes.default([]),
  /** Those of `needs` that stay up between runs. */
  shared: recipes.default([]),
  /** Stage or rung to the reason why it does not apply. */
  skip: z.partialRecord(z.enum(skippable), z.string().trim().min(1, 'expected a reason')).default({}),
  deployments: z.union([z.literal(1), z.literal(2)], { error: 'expected 1 or 2' }).default(2),
  /** Runs alone and keeps its published ports. */
  exclusive: z.boolean().default(false),
  /** False: none; or the path that is shown. */
  screenshot: z.union([z.boolean(), path], { error: 'expected true, false or a path' }).default(true),
  hooks: z.strictObject({ engine: z.boolean().default(false) }).prefault({}),
  /** Null: tests of the recipe's own repository are not run; else the image that they run in. */
  repositoryTests: z
    .strictObject({ image: z.string().regex(/^[a-z0-9][\w.:/@+-]*$/i, 'expected the name of an image') })
    .nullable()
    .default(null),
  /** Exceptions from the policy, as its refusals name them. */
  allow: names.default([]),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings of a recipe without `recipe.yml`. */
export const defaultSettings: Settings = settingsSchema.parse({});

/**
 * Reads `recipe.yml` (undefined: there is none), defaults filled in.
 *
 * @param file how messages name it.
 * @throws Failure 65 `bad-settings` with all problems at once, each with its key and the nearest known one.
 */
export function readSettings(text: string | undefined, file: string): Settings {
  if (text === undefined) return defaultSettings;
  const given = parseText(text, file);
  const readable = Array.isArray(given) || typeof given !== 'object' ? given : (given ?? {});
  const parsed = settingsSchema.safeParse(readable);
  if (parsed.success) return checkShared(parsed.data, file);
  const problems = new Set(parsed.error.issues.flatMap((issue) => describe(issue, readable)));
  throw bad(file, [...problems].join('; '));
}

function checkShared(settings: Settings, file: string): Settings {
  const stray = settings.shared.filter((name) => !settings.needs.includes(name));
  if (stray.length === 0) return settings;
  throw bad(file, `shared: ${stray.join(', ')} is not in needs`);
}

function parseText(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw bad(file, messageOf(error).split('\n')[0] ?? '', error);
  }
}

function bad(file: string, problem: string, cause?: unknown): Failure {
  return new Failure(exitStatus.badInput, 'bad-settings', `${file}: ${problem}`, {
    cause,
    hint: `known keys: ${Object.keys(settingsSchema.shape).sort(byCodeUnit).join(', ')}`,
  });
}

function describe(issue: z.core.$ZodIssue, given: unknown): string[] {
  const where = issue.path.map(String).join('.');
  // A probe is told by its key; then the problems of that form alone are worth reading.
  if (issue.path[0] === 'ready' && issue.path.length > 1) return describeProbe(issue.path.slice(0, 2), given);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...issue.path, key]));
  }
  if (issue.code === 'invalid_key') {
    const key = String(issue.path.at(-1));
    if (issue.path[0] === 'skip') return [unknownKey(issue.path)];
    return [`${where}: ${issue.issues[0]?.message ?? issue.message} (${key})`];
  }
  return [`${where || 'the file'}: ${issue.message}`];
}

function unknownKey(path: readonly PropertyKey[]): string {
  const key = String(path.at(-1));
  return `unknown key ${path.map(String).join('.')}${didYouMean(key, knownKeys(path.slice(0, -1)))}`;
}

function knownKeys(path: readonly PropertyKey[]): readonly string[] {
  if (path[0] === 'skip') return skippable;
  let schema: unknown = settingsSchema;
  for (const part of path)
    schema = unwrap((unwrap(schema) as { shape?: Record<string, unknown> }).shape?.[String(part)]);
  return Object.keys((unwrap(schema) as { shape?: object } | undefined)?.shape ?? {});
}

function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (typeof (inner as { unwrap?: unknown } | undefined)?.unwrap === 'function') {
    inner = (inner as { unwrap: () => unknown }).unwrap();
  }
  return inner;
}

function describeProbe(path: readonly PropertyKey[], given: unknown): string[] {
  const index = Number(path[1]);
  const probe = (given as { ready?: unknown[] }).ready?.[index];
  const where = path.map(String).join('.');
  if (typeof probe !== 'object' || probe === null || Array.isArray(probe)) {
    return [`${where}: expected {http, path, ok} or {tcp, port, stable}`];
  }
  const schema = 'http' in probe ? httpReadySchema : 'tcp' in probe ? tcpReadySchema : null;
  if (schema === null) return [`${where}: expected {http, path, ok} or {tcp, port, stable}`];
  const issues = schema.safeParse(probe).error?.issues ?? [];
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => `unknown key ${where}.${key}${didYouMean(key, Object.keys(schema.shape))}`)
      : [`${[where, ...issue.path.map(String)].join('.')}: ${issue.message}`],
  );
}
