import type { Seeds } from '../backup/seed.ts';
import type { RunContext, SeededNames } from './context.ts';

/**
 * What earlier stages of a run saw, for tests and hooks: the content of `CCCI_STAGE_STATE`. Its shape is a promise to
 * authors of tests: `StageState` in lib/test-helper/types.ts, told in docs/write-recipe-tests.md.
 */
export function stageState(context: RunContext, at: Date) {
  const { plan } = context.discovery;
  const { seeded, snapshot } = context.scratch.seen;
  return {
    schema: 1,
    run: context.directory.id,
    recipe: plan.recipe,
    ref: plan.ref,
    version: plan.version,
    base: plan.base === null ? null : { ref: plan.base.ref, version: plan.base.version },
    on: context.recorder.on(),
    at: at.toISOString(),
    stages: context.recorder
      .rows()
      .map(({ name, status, summary, on, ms }) => ({ name, status, summary, on, ms })),
    seeded,
    snapshot,
    operator: [...context.scratch.operator],
    settings: plan.settings,
  };
}

/** What was seeded, by the names that a recipe's author knows. Pure. */
export function seededNames(stack: string, { files, tables, unseeded }: Seeds): SeededNames {
  const shortName = (volume: string) =>
    volume.startsWith(`${stack}_`) ? volume.slice(stack.length + 1) : volume;
  return {
    volumes: [...new Set(files.map(({ volume }) => shortName(volume)))],
    databases: tables.map(({ service, kind }) => `${service} (${kind})`),
    notSeeded: unseeded,
  };
}
