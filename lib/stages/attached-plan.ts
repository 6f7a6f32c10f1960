import type { Tree } from '../plan/tree.ts';
import { withoutSecrets } from '../recipe/secret-settings.ts';
import { type Stamping, stamp } from '../records/encode.ts';
import type { Plan, PlannedStage } from '../records/plan.ts';
import type { KeptDeployment } from './kept-deployment.ts';

/** The plan of a kept run, with the tests, hooks and settings of now, and nothing to do but stage custom. Pure. */
export function planAttached(
  { plan }: Pick<KeptDeployment, 'plan'>,
  tree: Tree,
  { attachedTo, stamping }: { readonly attachedTo: string; readonly stamping: Stamping },
): Plan {
  const own = plan.tests.filter(({ origin }) => origin === 'repository');
  const tests = [...tree.tests, ...own].filter(({ stage }) => stage === 'custom');
  // Nobody is to run it from the queue again.
  const { spool: _spool, ...trigger } = plan.trigger;
  return stamp(
    {
      ...plan,
      trigger: { ...trigger, options: { stages: ['custom'] } },
      scope: 'partial',
      stages: plan.stages.map(({ name }) => expected(name, tests.length, attachedTo)),
      tests,
      hooks: tree.hooks,
      settings: withoutSecrets(tree.settings),
      counts: { custom: tests.length },
      tree: { path: tree.folder === null ? null : plan.recipe, commit: tree.commit },
      warnings: [...tree.warnings],
    },
    stamping,
  ) as unknown as Plan;
}

function expected(name: PlannedStage['name'], tests: number, attachedTo: string): PlannedStage {
  if (name !== 'custom') return { name, does: 'skip', reason: `left out by --attach ${attachedTo}` };
  return tests === 0
    ? { name, does: 'unver', reason: 'no custom tests' }
    : { name, does: 'run', reason: null };
}
