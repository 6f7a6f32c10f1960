import type { Checkout } from '../git/checkout.ts';
import { withoutSecrets } from '../recipe/secret-settings.ts';
import { type Stamping, stamp } from '../records/encode.ts';
import type { Plan, PlannedTest } from '../records/plan.ts';
import type { Trigger } from '../records/trigger.ts';
import type { BaseAnswer } from './base.ts';
import type { RecipeFacts } from './recipe-facts.ts';
import { planStages, scopeOf } from './stages.ts';
import type { Tree } from './tree.ts';

/** All that was found out about one trigger. */
export type Found = {
  readonly checked: Checkout;
  readonly version: string | null;
  readonly tree: Tree;
  /** Of the operator's tree and, where they are allowed, of the recipe's own repository. */
  readonly tests: readonly PlannedTest[];
  readonly facts: RecipeFacts;
  readonly baseFacts: RecipeFacts | null;
  readonly answer: BaseAnswer;
  readonly warnings: readonly string[];
};

/** Puts what was found into a plan record; paths are relative to tree and commit. */
export function writePlan(trigger: Trigger, found: Found, stamping: Stamping): Plan {
  const { checked, facts, baseFacts, version, tree, tests, answer, warnings } = found;
  const { settings } = tree;
  const counts = Object.fromEntries(tests.map(({ stage }) => [stage, countOf(tests, stage)]));
  return stamp(
    {
      type: 'plan' as const,
      key: trigger.key,
      trigger,
      recipe: trigger.recipe,
      ref: checked.ref,
      version,
      base: answer.base,
      scope: scopeOf(trigger.options),
      stages: planStages({
        options: trigger.options,
        skip: settings.skip,
        deployments: settings.deployments,
        customTests: countOf(tests, 'custom'),
        upgrade:
          answer.base === null ? { does: answer.does, reason: answer.reason } : { does: 'run', reason: null },
        backup: {
          head: facts.hasBackupLabels,
          base: baseFacts?.hasBackupLabels ?? null,
          setting: settings.backup.enabled,
        },
      }),
      tests: [...tests],
      hooks: tree.hooks,
      overlays: tree.overlays,
      settings: withoutSecrets(settings),
      counts: { custom: 0, ...counts },
      tree: { path: tree.folder === null ? null : trigger.recipe, commit: tree.commit },
      warnings: [...warnings],
      ...(checked.dirty ? { dirty: true } : {}),
    },
    stamping,
  );
}

function countOf(tests: readonly PlannedTest[], stage: string): number {
  return tests.filter((test) => test.stage === stage).length;
}
