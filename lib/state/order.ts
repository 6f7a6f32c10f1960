import type { Trigger } from '../records/trigger.ts';
import { repositoryOf } from './work.ts';

/** A trigger that waits. */
export type Waiting = { readonly file: string; readonly record: Trigger };

export type Standing = {
  /** What runs now, by any process. */
  readonly running: readonly Trigger[];
  /** Repository to a number that grows with each start: when it was last served. */
  readonly served?: ReadonlyMap<string, number>;
};

/**
 * The order in which waiting triggers are taken (triggers.md, step 16): people before sweeps; between repositories
 * in turn, first those of which least runs now, then those that were served longest ago; within one, the oldest
 * comment first. Pure.
 */
export function orderOfWork(waiting: readonly Waiting[], standing: Standing): Waiting[] {
  const sweeps = waiting.filter(({ record }) => isSweep(record));
  const people = waiting.filter(({ record }) => !isSweep(record));
  return [...inTurn(people, standing), ...inTurn(sweeps, standing)];
}

/** Nobody waits for a sweep. */
export function isSweep({ source }: Trigger): boolean {
  return source === 'sweep';
}

function inTurn(waiting: readonly Waiting[], { running, served = new Map() }: Standing): Waiting[] {
  const queues = new Map<string, Waiting[]>();
  for (const one of [...waiting].sort(byFile)) {
    const repository = repositoryOf(one.record);
    queues.set(repository, [...(queues.get(repository) ?? []), one]);
  }
  const runs = (repository: string) => running.filter((one) => repositoryOf(one) === repository).length;
  const turns = [...queues].sort(
    ([one, [a]], [other, [b]]) =>
      runs(one) - runs(other) || (served.get(one) ?? -1) - (served.get(other) ?? -1) || byFile(a!, b!),
  );
  const rounds = Math.max(0, ...turns.map(([, queue]) => queue.length));
  return Array.from({ length: rounds }, (_, round) =>
    turns.flatMap(([, queue]) => queue[round] ?? []),
  ).flat();
}

function byFile(one: Waiting, other: Waiting): number {
  return one.file < other.file ? -1 : Number(one.file > other.file);
}
