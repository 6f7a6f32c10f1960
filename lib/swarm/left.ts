import type { Engine } from './engine.ts';
import {
  labelsOf,
  listNetworksNamed,
  listThings,
  type Owner,
  ownerLabel,
  runLabel,
  stacksOf,
  type Thing,
} from './owned.ts';
import {
  type EngineNode,
  type EngineService,
  type EngineTask,
  hasEnded,
  namespaceLabel,
  ofStack,
} from './shapes.ts';

/** A run, with the stacks that it may have had. */
export type StacksOfRun = {
  readonly owner: string;
  readonly run: string;
  readonly stacks: readonly string[];
};

/** What is on the engine of a run and of stacks that it may have had, in words, sorted. */
export async function listLeftOf(engine: Engine, of: StacksOfRun): Promise<string[]> {
  return (await listOfRun(engine, of)).map(wordsFor).sort();
}

/** What an owner, or one run of it, still has on the engine, in words: `volume blog_data`. */
export async function listLeft(engine: Engine, owner: Owner): Promise<string[]> {
  const things = await listThings(engine, labelsOf(owner));
  const ofStacks =
    owner.run === undefined
      ? []
      : await Promise.all(
          stacksOf(things).map((stack) =>
            listOfStack(engine, stack, { owner: owner.owner, run: owner.run! }),
          ),
        );
  return unique([...things, ...ofStacks.flat()])
    .map(wordsFor)
    .sort();
}

/** Things of a run: by its labels, and of its stacks, those that its things name among them. */
export async function listOfRun(engine: Engine, { stacks, ...of }: StacksOfRun): Promise<Thing[]> {
  const ofRun = await listThings(engine, labelsOf(of));
  const all = new Set([...stacks, ...stacksOf(ofRun)]);
  const ofStacks = await Promise.all([...all].map((stack) => listOfStack(engine, stack, of)));
  return unique([...ofRun, ...ofStacks.flat()]);
}

/** Things of a stack, by label or name, that carry no other run's labels; a task's container carries none of ours. */
export async function listOfStack(
  engine: Engine,
  stack: string,
  { owner, run }: { owner: string; run: string },
): Promise<Thing[]> {
  const lists = [listThings(engine, [`${namespaceLabel}=${stack}`]), listNetworksNamed(engine, `${stack}_`)];
  const things = unique((await Promise.all(lists)).flat());
  return things.filter(
    ({ labels }) => (labels[ownerLabel] ?? owner) === owner && (labels[runLabel] ?? run) === run,
  );
}

/**
 * Tasks whose service is gone and that may still make something, in words: one in preparation makes its networks and its
 * container although both have been removed just before, so a stack is gone only when there are none. What ran makes
 * nothing any more and is not waited for (the engine lets two seconds pass before it notices that its container is
 * gone), nor is a node that is down.
 */
export async function listMakingTasks(engine: Engine, stacks: readonly string[]): Promise<string[]> {
  const ofEach = await Promise.all(stacks.map((stack) => makingOf(engine, stack)));
  const making = ofEach.flat();
  if (making.length === 0) return [];
  const nodes = await engine.json<EngineNode[]>('GET', '/nodes');
  const down = new Set(nodes.filter(({ Status }) => Status.State !== 'ready').map(({ ID }) => ID));
  return making.filter(({ NodeID }) => !down.has(NodeID ?? '')).map(wordsForTask);
}

async function makingOf(engine: Engine, stack: string): Promise<EngineTask[]> {
  const [tasks, services] = await Promise.all([
    engine.json<EngineTask[]>('GET', `/tasks?${ofStack(stack)}`),
    engine.json<EngineService[]>('GET', `/services?${ofStack(stack)}`),
  ]);
  const there = new Set(services.map(({ ID }) => ID));
  return tasks.filter((task) => isYetToRun(task) && !there.has(task.ServiceID));
}

function isYetToRun(task: EngineTask): boolean {
  return task.Status.State !== 'running' && !hasEnded(task);
}

function wordsForTask({ ID, Status }: EngineTask): string {
  return `task ${ID} (its node is still at it: ${Status.State})`;
}

/** `volume blog_data`. */
export function wordsFor({ kind, name }: Thing): string {
  return `${kind} ${name}`;
}

function unique(things: readonly Thing[]): Thing[] {
  return [...new Map(things.map((thing) => [`${thing.kind} ${thing.id}`, thing])).values()];
}
