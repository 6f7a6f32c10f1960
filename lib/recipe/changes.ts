import type { Changes } from '../records/changes.ts';
import { byCodeUnit, type Stack, services } from './compose.ts';
import type { EnvEntry } from './env-file.ts';

/** One commit, as it is compared: its rendered stack, and the lines of its `.env.sample`. */
export type ChangeSide = { readonly stack: Stack; readonly entries: readonly EnvEntry[] };

export type ChangesOptions = {
  /** The version, or 12 hexadecimal digits, of the base. */
  readonly against: string;
  /** What both were rendered for: it begins the names of what they make, and is none of the recipe's. */
  readonly stackName: string;
};

/** Most names in a list, and characters in a name: a recipe of thousands of lines still makes a record. */
const mostNames = 100;
const longestName = 200;

/**
 * What changes between base and commit, for reviewers and operators: by what is rendered, so that a variable which
 * chooses an image or a file counts with its value. All lists are sorted. Pure.
 */
export function changesBetween(base: ChangeSide, head: ChangeSide, options: ChangesOptions): Changes {
  const between = (names: (side: ChangeSide) => readonly string[]) => addedRemoved(names(base), names(head));
  return {
    against: options.against,
    images: imagesBetween(base.stack, head.stack),
    services: between(({ stack }) => Object.keys(stack.services)),
    volumes: volumesBetween(base.stack, head.stack, options.stackName),
    ports: between(({ stack }) => portsOf(stack)),
    variables: between(({ entries }) => variablesOf(entries)),
    secrets: between(secretsOf),
    configs: between(({ stack }) => Object.keys(stack.configs ?? {})),
  };
}

function addedRemoved(before: readonly string[], after: readonly string[]): Changes['services'] {
  return { added: without(after, before), removed: without(before, after) };
}

function without(names: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others);
  return bounded([...new Set(names)].filter((name) => !known.has(name)).sort(byCodeUnit));
}

/** What is left out is counted in the last place. */
function bounded(names: readonly string[]): string[] {
  const shown = names.slice(0, mostNames).map((name) => name.slice(0, longestName));
  const more = names.length - shown.length;
  return more === 0 ? shown : [...shown, `and ${more} more`];
}

function imagesBetween(base: Stack, head: Stack): Changes['images'] {
  const names = [...new Set([...Object.keys(base.services), ...Object.keys(head.services)])].sort(byCodeUnit);
  const changed = names.flatMap((service) => {
    const from = base.services[service]?.image?.slice(0, longestName) ?? null;
    const to = head.services[service]?.image?.slice(0, longestName) ?? null;
    return from === to ? [] : [{ service: service.slice(0, longestName), from, to }];
  });
  return changed.slice(0, mostNames);
}

/** A volume that some service mounts. */
type Mounted = { readonly name: string; readonly places: readonly string[] };

/**
 * Of what is mounted alone: nothing else holds data. One that is gone and a new one in the same place of the same
 * service are one volume renamed. Two keys with one name on the swarm are one volume, and a key with another name is
 * another one.
 */
function volumesBetween(base: Stack, head: Stack, stackName: string): Changes['volumes'] {
  const [before, after] = [mountedOf(base, stackName), mountedOf(head, stackName)];
  const gone = before.filter(({ name }) => !after.some((one) => one.name === name));
  const fresh = after.filter(({ name }) => !before.some((one) => one.name === name));
  const renamed: { from: string; to: string }[] = [];
  for (const { name, places } of gone) {
    const next = fresh.find(
      (one) =>
        !renamed.some(({ to }) => to === one.name) && one.places.some((place) => places.includes(place)),
    );
    if (next !== undefined) renamed.push({ from: name, to: next.name });
  }
  return {
    added: bounded(namesOf(fresh).filter((name) => !renamed.some(({ to }) => to === name))),
    dropped: bounded(namesOf(gone).filter((name) => !renamed.some(({ from }) => from === name))),
    renamed: renamed.slice(0, mostNames),
  };
}

function namesOf(volumes: readonly Mounted[]): string[] {
  return volumes.map(({ name }) => name);
}

function mountedOf(stack: Stack, stackName: string): Mounted[] {
  const places = new Map<string, string[]>();
  for (const [service, { volumes = [] }] of services(stack)) {
    for (const { type, source, target } of volumes) {
      // One without a source is new with each container: nothing of it is ever kept.
      if (type !== 'volume' || source === undefined) continue;
      const name = shortName(source, stack, stackName).slice(0, longestName);
      places.set(name, [...(places.get(name) ?? []), `${service}:${target}`]);
    }
  }
  return [...places].sort(([a], [b]) => byCodeUnit(a, b)).map(([name, mounts]) => ({ name, places: mounts }));
}

/** The name on the swarm without the stack's own, which is what the key is where nothing else is said. */
function shortName(key: string, { volumes }: Stack, stackName: string): string {
  const name = volumes?.[key]?.name ?? key;
  return name.startsWith(`${stackName}_`) ? name.slice(stackName.length + 1) : name;
}

/** `app: 8080 (tcp)`; one that the swarm chooses is told by the port behind it. */
function portsOf(stack: Stack): string[] {
  return services(stack).flatMap(([service, { ports = [] }]) =>
    ports.map(({ published, target, protocol }) => {
      const port = published ?? `any to ${target}`;
      return `${service}: ${port} (${protocol ?? 'tcp'})`;
    }),
  );
}

const secretVersion = /^SECRET_(.+)_VERSION$/;

/** What the sample sets; the versions of secrets are told as secrets. */
function variablesOf(entries: readonly EnvEntry[]): string[] {
  return entries.filter(({ key, commented }) => !commented && !secretVersion.test(key)).map(({ key }) => key);
}

/** Those of the stack, and those that only the sample knows: `jwt-secret` and `SECRET_JWT_SECRET_VERSION` are one. */
function secretsOf({ stack, entries }: ChangeSide): string[] {
  const keys = Object.keys(stack.secrets ?? {});
  const known = keys.map((key) => key.replaceAll('-', '_').toLowerCase());
  const sampled = entries.flatMap(({ key, commented }) => {
    const name = commented ? undefined : secretVersion.exec(key)?.[1]?.toLowerCase();
    return name === undefined || known.includes(name) ? [] : [name];
  });
  return [...keys, ...sampled];
}
