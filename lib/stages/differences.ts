import type { RunFinished } from '../records/run-finished.ts';
import type { History } from '../runs/list.ts';

/** What a run depends on besides the commit: versions, by name (L51). */
export type Environment = Readonly<Record<string, unknown>>;

/** What a run's end says of earlier runs: the last green one, what of the environment is different since (L51), counts. */
export function compareWithHistory(
  { lastGreen, runs, green }: History,
  environment: Environment,
): Pick<RunFinished, 'last_green' | 'differences' | 'history'> {
  return {
    last_green: lastGreen?.run_id ?? null,
    differences: lastGreen === null ? [] : differences(lastGreen.environment, environment),
    history: { runs, green },
  };
}

/** Where two environments differ, in words. An image that only one of them used is the commits' difference, not theirs. */
export function differences(then: Environment, now: Environment): string[] {
  const [before, after] = [flat(then), flat(now)];
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .filter((name) => !name.startsWith('image ') || (before.has(name) && after.has(name)))
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `${name}: ${before.get(name) ?? 'nothing'} then, ${after.get(name) ?? 'nothing'} now`);
}

function flat({ images, ...environment }: Environment): Map<string, string> {
  const named = Object.entries((images ?? {}) as Record<string, unknown>);
  return new Map([
    ...Object.entries(environment).map(([name, value]) => [name, show(value)] as const),
    ...named.map(([image, content]) => [`image ${image}`, show(content)] as const),
  ]);
}

function show(value: unknown): string {
  if (value === null) return 'nothing';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
