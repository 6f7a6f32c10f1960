import { openRun } from '@ccci/lib/runs/open.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { earlierRuns } from '../../../tools/stage/leftovers.ts';
import type { StageParts } from '../../../tools/stage/open.ts';
import { quickRun } from './run.ts';

/** Name of the variable with the folder of gates: there, a run waits until a file has its id as name, or `all`. */
export const gateVariable = 'QUICK_STAGE_GATES';

/** What the quick stage has in the place of everything that is done with an engine. */
export function quickParts(env: Readonly<Record<string, string | undefined>>): StageParts {
  return {
    carryOut: (trigger, options) => quickRun(trigger, options, env[gateVariable]),
    ready: async () => ({ engine: { host: 'none' } as Engine, environment: { engine: 'none' } }),
    // As the real one, but for the engine: the folders of dead attempts, under their locks.
    removeLeftovers: async (claimed, _engine, { runs }) => {
      for (const id of earlierRuns(claimed)) await (await openRun({ runs, id })).close();
    },
  };
}
