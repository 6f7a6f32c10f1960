import { parseVersions } from './abra.ts';
import { type EnvEntry, expandEnv, expandText, parseEnvFile } from './env-file.ts';
import { stackName } from './names.ts';

export type AppEnvironmentOptions = {
  /** Text of `.env.sample`, null where the recipe has none. */
  readonly sample: string | null;
  /** Text of `abra.sh`, null where the recipe has none. */
  readonly abra: string | null;
  readonly domain: string;
  readonly recipe: string;
  /** `env` (and `upgrade.env`) of the operator's `recipe.yml`; values may use `${DOMAIN}` and other variables. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The environment of the base's deployment: an upgrade keeps the operator's (stages.md). */
  readonly keep?: Readonly<Record<string, string>>;
  /** With `keep`: the lines of the base's sample; what is not set there is new to an operator. */
  readonly keptSample?: readonly EnvEntry[];
};

export type AppEnvironment = {
  /** The app's `.env`, expanded: render with exactly this. */
  readonly env: Record<string, string>;
  /** What an operator must do for this upgrade, in words: `new secret: jwt_secret`. */
  readonly added: string[];
};

/**
 * The app's `.env` for a run: the sample's lines, the run's domain, the versions of `abra.sh`, the operator's
 * overrides, in rising order of precedence. `LETS_ENCRYPT_ENV` is empty: no certificates are asked for; so is
 * `EXTRA_DOMAINS` unless it is overridden, since the sample's are nobody's.
 * Names that steer our own processes (`PATH`, `DOCKER_HOST`, …) are not taken from the sample (security.md).
 *
 * With `keep`, only what `keep` does not know comes from the sample; `overrides` are then those of the upgrade alone,
 * since `keep` has the others already. `added` lists what an operator's `.env` lacks, whatever overrides give it here.
 */
export function appEnvironment(options: AppEnvironmentOptions): AppEnvironment {
  const { sample, abra, domain, recipe, overrides, keep, keptSample } = options;
  const fixed = { DOMAIN: domain, STACK_NAME: stackName(domain), LETS_ENCRYPT_ENV: '', TYPE: recipe };
  const versions = parseVersions(abra ?? '');
  const known = parseEnvFile(sample ?? '').filter(
    ({ key, commented }) => !commented && key !== 'EXTRA_DOMAINS' && !steersProcesses(key),
  );
  const fresh = known.filter(({ key }) => keep === undefined || !Object.hasOwn(keep, key));
  const env = settle({ ...keep, ...fixed, ...versions }, fresh, { fixed, versions, overrides });
  if (keep === undefined) return { env, added: [] };
  // What our settings give, an operator still has to give.
  const had = new Set(
    keptSample?.flatMap(({ key, commented }) => (commented ? [] : [key])) ?? Object.keys(keep),
  );
  const added = known.filter(({ key }) => !had.has(key)).filter(isTheOperators({ ...fixed, ...versions }));
  const samples = settle({ ...keep, ...fixed, ...versions }, added, { fixed, versions, overrides: {} });
  return { env, added: [...new Set(added.map((entry) => tellOperator(entry, samples)))] };
}

/** Whether a variable changes what our own programs do; a recipe must not set it (security.md). */
export function steersProcesses(key: string): boolean {
  return /^(PATH|HOME|(LD|DOCKER|XDG|SSL)_.*|.*_PROXY)$/i.test(key);
}

type Layers = Readonly<Record<'fixed' | 'versions' | 'overrides', Readonly<Record<string, string>>>>;

/** Overrides replace the sample's line where it stands, so that later lines see them. */
function settle(
  start: Readonly<Record<string, string>>,
  entries: readonly EnvEntry[],
  { fixed, versions, overrides }: Layers,
): Record<string, string> {
  let env: Record<string, string> = { ...start };
  const set = (key: string, text: string) => {
    env[key] = expandText(text, env);
  };
  for (const entry of entries) {
    if (Object.hasOwn(fixed, entry.key) || Object.hasOwn(versions, entry.key)) continue;
    env = expandEnv([entry], env);
    // The sample's own line came first, so that an override can extend it: COMPOSE_FILE: "$COMPOSE_FILE:x.yml".
    if (Object.hasOwn(overrides, entry.key) && isLastOf(entries, entry))
      set(entry.key, overrides[entry.key] ?? '');
  }
  const inSample = new Set(entries.map(({ key }) => key));
  for (const [key, text] of Object.entries(overrides)) {
    if (!inSample.has(key) || Object.hasOwn(fixed, key) || Object.hasOwn(versions, key)) set(key, text);
  }
  return env;
}

function isLastOf(entries: readonly EnvEntry[], entry: EnvEntry): boolean {
  return !entries.some(({ key, line }) => key === entry.key && line > entry.line);
}

function isTheOperators(given: Readonly<Record<string, string>>): (entry: EnvEntry) => boolean {
  return ({ key }) => !Object.hasOwn(given, key);
}

/** A secret that has to be made before an upgrade, in words. */
export function newSecret(name: string): string {
  return `new secret: ${name}`;
}

function tellOperator({ key }: EnvEntry, env: Readonly<Record<string, string>>): string {
  const secret = /^SECRET_(.+)_VERSION$/.exec(key)?.[1];
  if (secret !== undefined) return newSecret(secret.toLowerCase());
  const value = env[key] ?? '';
  return value === '' ? `new variable without default: ${key}` : `new variable: ${key} (sample: ${value})`;
}
