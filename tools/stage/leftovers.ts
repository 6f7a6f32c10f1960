import { runDomain, stackName } from '@ccci/lib/recipe/names.ts';
import { openRun } from '@ccci/lib/runs/open.ts';
import type { Claimed } from '@ccci/lib/state/queue.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import type { WorkOptions } from './work.ts';

const removeLimitMs = 120_000;

type Where = Pick<WorkOptions, 'runs' | 'domain' | 'owner'>;

/**
 * What earlier claims have left on the engine and in their `work` is removed before the next attempt (triggers.md,
 * step 9): of all of them, because one may have died while it removed another's. Their locks are held meanwhile.
 */
export async function removeLeftovers(claimed: Claimed, engine: Engine, options: Where): Promise<void> {
  const { recipe } = claimed.trigger;
  for (const run of earlierRuns(claimed)) {
    const directory = await openRun({ runs: options.runs, id: run });
    try {
      const stack = stackName(runDomain({ recipe, run, base: options.domain }));
      await removeRun(engine, { stack, run, owner: options.owner, timeoutMs: removeLimitMs });
    } finally {
      await directory.close();
    }
  }
}

/** Run ids of the claims before this one: `key`, `key.2` and so on. */
export function earlierRuns({ run, trigger: { key } }: Pick<Claimed, 'run' | 'trigger'>): string[] {
  const claims = run === key ? 1 : Number(run.slice(key.length + 1));
  return Array.from({ length: claims - 1 }, (_, index) => (index === 0 ? key : `${key}.${index + 1}`));
}
