import { messageOf } from '../program/failure.ts';
import { type Engine, EngineError } from './engine.ts';
import { listMakingTasks, listOfRun, listOfStack, wordsFor } from './left.ts';
import { type Kind, kinds, stacksOf, type Thing } from './owned.ts';
import { openWakes, type Wakes } from './wakes.ts';

export type RemoveOptions = {
  readonly stack: string;
  readonly run: string;
  readonly owner: string;
  readonly timeoutMs: number;
  /** What stays: recipes that the run needs, between its two deployments. */
  readonly keep?: (thing: Thing) => boolean;
};

/** A run by one stack, or by several that it may have had; those that its things name are found anyway. */
export type RemoveRunOptions =
  | RemoveOptions
  | (Omit<RemoveOptions, 'stack'> & { readonly stacks: readonly string[] });

export type Removal = {
  readonly clean: boolean;
  /** What is left, in words, with the engine's reason. */
  readonly left: readonly string[];
};

const taskLookMs = 60;

/**
 * Removes a stack and everything that carries the labels of its run, other stacks of the run (dependencies) too
 * (swarm.md, Teardown). Bounded, can be repeated, never touches another run’s things; takes less than a second.
 * Never throws for what cannot be removed: that is `left`.
 */
export function removeRun(engine: Engine, options: RemoveRunOptions): Promise<Removal> {
  const stacks = 'stack' in options ? [options.stack] : options.stacks;
  const { keep = () => false } = options;
  return removeUntilGone(engine, { ...options, stacks }, async () => {
    const things = await listOfRun(engine, { ...options, stacks });
    return things.filter((thing) => !keep(thing));
  });
}

/** Removes one stack of a run, with its network, and leaves the run's other stacks: of a recipe that it needed. */
export function removeStack(engine: Engine, options: RemoveOptions): Promise<Removal> {
  const stacks = [options.stack];
  return removeUntilGone(engine, { ...options, stacks }, () => listOfStack(engine, options.stack, options));
}

async function removeUntilGone(
  engine: Engine,
  { timeoutMs, stacks }: { readonly timeoutMs: number; readonly stacks: readonly string[] },
  list: () => Promise<Thing[]>,
): Promise<Removal> {
  const deadline = performance.now() + timeoutMs;
  const reasons = new Map<string, string>();
  const seen = new Set(stacks);
  let things: Thing[] = [];
  let making: readonly string[] = [];
  let wakes: Wakes | null = null;
  try {
    wakes = await openWakes(engine, {
      types: ['container', 'network', 'volume', 'service'],
      isRelevant: ({ Action }) => isEnd(Action),
    });
    for (;;) {
      // Tasks first: a task that ends between the two looks has made its things before the second one.
      making = await listMakingTasks(engine, [...seen]);
      things = await list();
      if (things.length === 0 && making.length === 0) return { clean: true, left: [] };
      for (const stack of stacksOf(things)) seen.add(stack);
      await removeRound(engine, things, reasons);
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) break;
      // The engine tells of no task's end: those are looked for more often.
      await wakes.next(Math.min(things.length === 0 ? taskLookMs : 250, leftMs));
    }
    things = await list();
  } catch (error) {
    return {
      clean: false,
      left: [...things.map((thing) => describe(thing, reasons)), `cannot look: ${messageOf(error)}`],
    };
  } finally {
    wakes?.close();
  }
  const left = [...things.map((thing) => describe(thing, reasons)), ...making];
  return { clean: left.length === 0, left };
}

/** Services first: as long as they are there, Swarm makes containers again. What is still in use is tried in the next round. */
async function removeRound(
  engine: Engine,
  things: readonly Thing[],
  reasons: Map<string, string>,
): Promise<void> {
  for (const kind of kinds) {
    const some = things.filter((thing) => thing.kind === kind);
    await Promise.all(some.map((thing) => removeThing(engine, thing, reasons)));
  }
}

async function removeThing(engine: Engine, thing: Thing, reasons: Map<string, string>): Promise<void> {
  try {
    if (thing.kind === 'network') await disconnectAll(engine, thing.id);
    await engine.json('DELETE', paths[thing.kind](encodeURIComponent(thing.id)), undefined, {
      timeoutMs: 30_000,
    });
  } catch (error) {
    if (error instanceof EngineError && error.httpStatus === 404) return;
    reasons.set(thing.id, error instanceof EngineError ? error.words : messageOf(error));
  }
}

/**
 * Whatever is left on a network that goes is not the run's, since that is removed before it: the proxy, which is let go
 * of here on every path.
 */
async function disconnectAll(engine: Engine, network: string): Promise<void> {
  const { Containers } = await engine.json<{ Containers?: Readonly<Record<string, unknown>> | null }>(
    'GET',
    `/networks/${network}`,
  );
  const ids = Object.keys(Containers ?? {}).filter((id) => /^[0-9a-f]{64}$/.test(id));
  for (const Container of ids) {
    await engine
      .json('POST', `/networks/${network}/disconnect`, { Container, Force: true })
      .catch((error) => {
        // One that went by itself meanwhile, and one that cannot be let go of: then the network says that it is in use.
        if (!(error instanceof EngineError)) throw error;
      });
  }
}

/** Containers go with their anonymous volumes, which have no label of ours (design.md, rule 5). */
const paths: Readonly<Record<Kind, (id: string) => string>> = {
  service: (id) => `/services/${id}`,
  container: (id) => `/containers/${id}?force=1&v=1`,
  network: (id) => `/networks/${id}`,
  volume: (id) => `/volumes/${id}`,
  secret: (id) => `/secrets/${id}`,
  config: (id) => `/configs/${id}`,
};

function isEnd(action: string): boolean {
  return /^(?:die|destroy|remove|disconnect|unmount)/.test(action);
}

function describe(thing: Thing, reasons: ReadonlyMap<string, string>): string {
  const reason = reasons.get(thing.id);
  return reason === undefined ? wordsFor(thing) : `${wordsFor(thing)} (${reason})`;
}
