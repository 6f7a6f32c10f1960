import { exampleHash, type StageName, type Status } from '@ccci/lib/records/common.ts';
import { type Plan, planExample } from '@ccci/lib/records/plan.ts';
import type { ResultStage } from '@ccci/lib/records/results.ts';
import type { RunFacts } from '@ccci/lib/results/build.ts';

export const other = '1111111111111111111111111111111111111111';
export const planned = [
  'checkout',
  'policy',
  'lint',
  'pull',
  'install',
  'upgrade',
  'backup',
  'restore',
  'custom',
] as const;

/** A plan in which all stages run, but those that are named. */
export function plan(
  does: Partial<Record<StageName, 'skip' | 'unver'>> = {},
  changes: Partial<Plan> = {},
): Plan {
  const stages = planned.map((name) => ({
    name,
    does: does[name] ?? ('run' as const),
    reason: does[name] === undefined ? null : `why ${name} is ${does[name]}`,
  }));
  return { ...planExample, stages, ...changes };
}

/** One row, on the commit under test. */
export function row(
  name: StageName,
  status: Status = 'pass',
  changes: Partial<ResultStage> = {},
): ResultStage {
  return {
    name,
    status,
    cause: status === 'fail' ? 'recipe' : null,
    summary: status === 'pass' ? null : `summary of ${name}`,
    on: exampleHash,
    ms: 10,
    tests: [],
    ...changes,
  };
}

/** Rows of a run in which all passed, but those that are named; `null` takes the row out. */
export function rows(changes: Partial<Record<StageName, ResultStage | null>> = {}): ResultStage[] {
  return planned.flatMap((name) => {
    const changed = changes[name];
    return changed === null ? [] : [changed ?? row(name)];
  });
}

export function facts(changes: Partial<RunFacts> = {}): RunFacts {
  return {
    run: 'gitea-14497',
    kind: 'pull',
    scope: 'full',
    plan: plan(),
    started: 1781309285.11,
    finished: 1781309502.55,
    stages: rows(),
    lint: null,
    ended: null,
    flags: { clean_teardown: true, no_secret_leak: true },
    operator: [],
    environment: {},
    customization: {},
    ...changes,
  };
}
