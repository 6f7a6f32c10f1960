import { runDomain, stackName } from '@ccci/lib/recipe/names.ts';
import { openRun } from '@ccci/lib/runs/open.ts';
import { killOfRun } from '@ccci/lib/runs/processes.ts';
import type { Claimed } from '@ccci/lib/state/claim.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import { noteLeft } from './slots.ts';
import type { WorkOptions } from './work.ts';

const removeLimitMs = 120_000;

/** The janitor may be at it; then there is little left to do. */
const waitMs = 180_000;

type Where = Pick<WorkOptions, 'state' | 'runs' | 'domain' | 'owner' | 'stamping' | 'noteTrouble'>;

/**
 * What earlier claims have left on the engine and in their `work` is removed before the next attempt (triggers.md,
 * step 9): of all of them, because one may have died while it removed another's. Their locks are held meanwhile.
 */
export async function removeLeftovers(
  { trigger: { recipe }, earlier }: Pick<Claimed, 'trigger' | 'earlier'>,
  engine: Engine,
  where: Where,
): Promise<void> {
  const { runs, domain, owner } = where;
  for (const run of earlier) {
    const directory = await openRun({ runs, id: run, waitMs });
    try {
      const stack = stackName(runDomain({ recipe, run, base: domain }));
      await killOfRun({ directory: directory.dir, stacks: [stack] });
      const { clean, left } = await removeRun(engine, { stack, run, owner, timeoutMs: removeLimitMs });
      if (!clean) await noteLeft({ run, left: left.join(', ') }, where);
    } finally {
      await directory.close();
    }
  }
}
