import { runDomain, stackName } from '@ccci/lib/recipe/names.ts';
import { openRun } from '@ccci/lib/runs/open.ts';
import type { Claimed } from '@ccci/lib/state/claim.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import type { WorkOptions } from './work.ts';

const removeLimitMs = 120_000;

type Where = Pick<WorkOptions, 'runs' | 'domain' | 'owner'>;

/**
 * What earlier claims have left on the engine and in their `work` is removed before the next attempt (triggers.md,
 * step 9): of all of them, because one may have died while it removed another's. Their locks are held meanwhile.
 */
export async function removeLeftovers(
  { trigger: { recipe }, earlier }: Pick<Claimed, 'trigger' | 'earlier'>,
  engine: Engine,
  { runs, domain, owner }: Where,
): Promise<void> {
  for (const run of earlier) {
    const directory = await openRun({ runs, id: run });
    try {
      const stack = stackName(runDomain({ recipe, run, base: domain }));
      await removeRun(engine, { stack, run, owner, timeoutMs: removeLimitMs });
    } finally {
      await directory.close();
    }
  }
}
