import type { IncomingMessage } from 'node:http';
import { type Convergence, waitConverged } from '@ccci/lib/swarm/converge.ts';
import { deployStack } from '@ccci/lib/swarm/deploy.ts';
import { connectEngine, type Engine } from '@ccci/lib/swarm/engine.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import { namespaceLabel } from '@ccci/lib/swarm/shapes.ts';
import { linesOf } from '@ccci/lib/swarm/stream-lines.ts';
import { stringify } from 'yaml';
import { startBox } from '../support/engine/box.ts';
import { importImages } from '../support/engine/images.ts';
import { type Figure, limited } from './figure.ts';

const limitMs = 100;
const rounds = 12;
const owner = 'bench';
const timeoutMs = 60_000;

/**
 * From the engine's own event that decides a deployment to our verdict, the 95th percentile: updates that are
 * completed, paused and rolled back (their update state), and crash loops (the third container that ended; Swarm needs
 * a while itself until its task has failed). The engine's time is that of its event, on the same machine's clock.
 */
export async function* verdictLatency(): AsyncGenerator<Figure> {
  const box = await startBox();
  const stop = new AbortController();
  try {
    await importImages(box);
    const engine = connectEngine(box.dockerHost);
    const events = await watchEvents(engine, stop.signal);
    const updates: number[] = [];
    const loops: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      updates.push(...(await measureUpdates({ engine, events, stack: `round${round}` })));
      loops.push(await measureLoop({ engine, events, stack: `loop${round}` }));
    }
    yield summed("verdict after the engine's update state", updates);
    yield summed('crash loop after its third container has ended', loops);
  } finally {
    stop.abort();
    await box.stop();
  }
}

type Seen = {
  readonly stack: string;
  readonly action: string;
  /** The engine's time, ms since 1970. */
  readonly atMs: number;
};

type Scene = { readonly engine: Engine; readonly events: readonly Seen[]; readonly stack: string };

function summed(what: string, lateMs: readonly number[]): Figure {
  const bench = `${what}, p95 of ${lateMs.length}`;
  return limited({ bench, ours: percentile(lateMs, 0.95), unit: 'ms' }, limitMs);
}

async function measureUpdates(scene: Scene): Promise<number[]> {
  try {
    await land(scene, { image: 1 });
    const completed = await lateness(scene, { image: 2 }, { kind: null, action: 'completed', nth: 1 });
    const exits = { image: 3, exits: true };
    const paused = await lateness(scene, exits, { kind: 'paused', action: 'paused', nth: 1 });
    await land(scene, { image: 1 });
    const rollback = { image: 2, exits: true, failure: 'rollback' };
    const back = { kind: 'rolled-back', action: 'rollback_completed', nth: 1 };
    return [completed, paused, await lateness(scene, rollback, back)];
  } finally {
    await remove(scene);
  }
}

async function measureLoop(scene: Scene): Promise<number> {
  try {
    return await lateness(scene, { image: 1, exits: true }, { kind: 'crash-loop', action: 'die', nth: 3 });
  } finally {
    await remove(scene);
  }
}

/** Deploys, and gives the time between the deciding event of this deployment and the verdict. */
async function lateness(
  scene: Scene,
  app: App,
  decides: { readonly kind: string | null; readonly action: string; readonly nth: number },
): Promise<number> {
  const seenBefore = scene.events.length;
  const verdict = await land(scene, app);
  const atMs = performance.timeOrigin + performance.now();
  const kind = verdict.ok ? null : verdict.kind;
  if (kind !== decides.kind) throw new Error(`expected ${decides.kind}, judged ${JSON.stringify(verdict)}`);
  const own = scene.events.slice(seenBefore).filter((event) => event.stack === scene.stack);
  const decisive = own.filter((event) => event.action === decides.action)[decides.nth - 1];
  if (decisive === undefined) throw new Error(`no event ${decides.action} of ${scene.stack} was seen`);
  return atMs - decisive.atMs;
}

type App = { readonly image: number; readonly exits?: boolean; readonly failure?: string };

async function land({ engine, stack }: Scene, app: App): Promise<Convergence> {
  const signal = AbortSignal.timeout(timeoutMs);
  const call = await deployStack({ engine, stack, text: stackOf(app), signal });
  return waitConverged(engine, { stack, call, timeoutMs, signal });
}

function stackOf({ image, exits = false, failure = 'pause' }: App): string {
  const service = {
    image: `lab.invalid/web:${image}`,
    ...(exits ? { command: ['sh', '-c', 'echo cannot open database; exit 3'] } : {}),
    // A service with a healthcheck runs only once it is healthy: one that exits fails its update for certain.
    healthcheck: { test: ['CMD', 'true'], interval: '200ms', timeout: '5s', retries: 5 },
    deploy: {
      restart_policy: { delay: '100ms' },
      update_config: { monitor: '500ms', failure_action: failure, order: 'start-first' },
      rollback_config: { monitor: '500ms' },
    },
  };
  return stringify({ version: '3.9', services: { app: service } });
}

async function remove({ engine, stack }: Scene): Promise<void> {
  await removeRun(engine, { stack, run: stack, owner, timeoutMs });
}

/** Collects update states of services and ends of containers, each under its stack. */
async function watchEvents(engine: Engine, signal: AbortSignal): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const stream = await engine.stream('GET', '/events', undefined, { signal });
  void collect(stream, seen).catch(() => {});
  return seen;
}

async function collect(stream: IncomingMessage, seen: Seen[]): Promise<void> {
  for await (const line of linesOf(stream)) {
    if (line === '') continue;
    const { Action, Actor, timeNano } = JSON.parse(line) as RawEvent;
    const { [namespaceLabel]: ofContainer, name = '', 'updatestate.new': state } = Actor.Attributes;
    const stack = ofContainer ?? name.replace(/_app$/, '');
    seen.push({ stack, action: state ?? Action, atMs: timeNano / 1e6 });
  }
}

type RawEvent = {
  readonly Action: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
  readonly timeNano: number;
};

function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1]!;
}
