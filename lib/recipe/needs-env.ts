import { didYouMean } from '../program/nearest.ts';

export type NeededFacts = {
  readonly name: string;
  readonly domain: string;
  /** How the app's containers reach it. */
  readonly url: string;
  readonly version: string;
  readonly credentials: Readonly<Record<string, string>>;
};

/**
 * What `env` and `upgrade.env` of `recipe.yml` may use of a recipe that is needed: `${NEEDS_KEYCLOAK_DOMAIN}`, `_URL`,
 * `_VERSION`, and a variable for each credential. Pure. Source: docs/dependencies.md.
 */
export function needsVariables({
  name,
  domain,
  url,
  version,
  credentials,
}: NeededFacts): Record<string, string> {
  const prefix = `NEEDS_${upper(name)}`;
  const own = Object.entries(credentials).map(([key, value]) => [`${prefix}_${upper(key)}`, value]);
  return {
    ...Object.fromEntries(own),
    [`${prefix}_DOMAIN`]: domain,
    [`${prefix}_URL`]: url,
    [`${prefix}_VERSION`]: version,
  };
}

/** Puts values in the place of every `${NEEDS_…}`; one that there is no value for is empty. Pure. */
export function fillNeeds(
  env: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  // A dollar sign of a value must not be expanded again.
  const value = (name: string) => (values[name] ?? '').replaceAll('$', '\\$');
  return Object.fromEntries(
    Object.entries(env).map(([key, text]) => [
      key,
      text.replaceAll(pattern, (_whole, name: string) => value(name)),
    ]),
  );
}

/** Names of `${NEEDS_…}` that have no value, in words with the nearest one that has. Pure. */
export function unknownNeeds(
  env: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): string[] {
  const used = Object.values(env).flatMap((text) =>
    [...text.matchAll(pattern)].map(([, name]) => name as string),
  );
  return [...new Set(used)]
    .filter((name) => !Object.hasOwn(values, name))
    .map((name) => `\${${name}}${didYouMean(name, Object.keys(values))}`);
}

const pattern = /\$\{(NEEDS_[A-Z0-9_]+)\}/g;

function upper(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_');
}
