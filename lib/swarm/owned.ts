import type { Engine } from './engine.ts';
import { filters, namespaceLabel } from './shapes.ts';

/** Who made things on an engine (design.md, rule 5). */
export type Owner = { readonly owner: string; readonly run?: string | undefined };

/** The kinds of things on an engine, in the order in which they can be removed. */
export const kinds = ['service', 'container', 'network', 'volume', 'secret', 'config'] as const;
export type Kind = (typeof kinds)[number];

export type Thing = {
  readonly kind: Kind;
  readonly id: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
};

export const ownerLabel = 'ccci.owner';
export const runLabel = 'ccci.run';

/** The filters that find what belongs to an owner, or to one run of it. */
export function labelsOf({ owner, run }: Owner): string[] {
  return [`${ownerLabel}=${owner}`, ...(run === undefined ? [] : [`${runLabel}=${run}`])];
}

/** All things with all these labels. */
export async function listThings(
  engine: Engine,
  labels: readonly string[],
  only: readonly Kind[] = kinds,
): Promise<Thing[]> {
  const query = filters({ label: labels });
  const lists = await Promise.all(only.map((kind) => listers[kind](engine, query)));
  return lists.flat();
}

/** All networks whose names begin so: what is left of one for a moment is not always found by its labels. */
export async function listNetworksNamed(engine: Engine, prefix: string): Promise<Thing[]> {
  const found = await listers.network(engine, filters({ name: [prefix] }));
  return found.filter(({ name }) => name.startsWith(prefix));
}

/** The stacks that things belong to. */
export function stacksOf(things: readonly Thing[]): string[] {
  return [...new Set(things.flatMap((thing) => thing.labels[namespaceLabel] ?? []))];
}

type Labels = Record<string, string> | null | undefined;
type Specced = { ID: string; Spec: { Name: string; Labels?: Labels } };

async function listSpecced(
  engine: Engine,
  kind: 'service' | 'secret' | 'config',
  query: string,
): Promise<Thing[]> {
  const all = await engine.json<Specced[]>('GET', `/${kind}s?${query}`);
  return all.map(({ ID, Spec }) => ({ kind, id: ID, name: Spec.Name, labels: Spec.Labels ?? {} }));
}

const listers: Readonly<Record<Kind, (engine: Engine, query: string) => Promise<Thing[]>>> = {
  service: (engine, query) => listSpecced(engine, 'service', query),
  secret: (engine, query) => listSpecced(engine, 'secret', query),
  config: (engine, query) => listSpecced(engine, 'config', query),
  container: async (engine, query) => {
    const all = await engine.json<{ Id: string; Names?: string[]; Labels?: Labels }[]>(
      'GET',
      `/containers/json?all=1&${query}`,
    );
    return all.map(({ Id, Names, Labels }) => ({
      kind: 'container',
      id: Id,
      name: Names?.[0]?.slice(1) ?? Id.slice(0, 12),
      labels: Labels ?? {},
    }));
  },
  network: async (engine, query) => {
    const all = await engine.json<{ Id: string; Name: string; Labels?: Labels }[]>(
      'GET',
      `/networks?${query}`,
    );
    return all.map(({ Id, Name, Labels }) => ({ kind: 'network', id: Id, name: Name, labels: Labels ?? {} }));
  },
  volume: async (engine, query) => {
    const { Volumes } = await engine.json<{ Volumes?: { Name: string; Labels?: Labels }[] | null }>(
      'GET',
      `/volumes?${query}`,
    );
    return (Volumes ?? []).map(({ Name, Labels }) => ({
      kind: 'volume',
      id: Name,
      name: Name,
      labels: Labels ?? {},
    }));
  },
};
