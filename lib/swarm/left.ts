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
import { namespaceLabel } from './shapes.ts';

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

/** `volume blog_data`. */
export function wordsFor({ kind, name }: Thing): string {
  return `${kind} ${name}`;
}

function unique(things: readonly Thing[]): Thing[] {
  return [...new Map(things.map((thing) => [`${thing.kind} ${thing.id}`, thing])).values()];
}
