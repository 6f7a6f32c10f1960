import { openRun } from '@ccci/lib/runs/open.ts';
import { previewTrigger } from '@ccci/lib/stages/preview.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import type { EngineSide } from '../../../tools/stage/work.ts';
import { quickRun } from './run.ts';

/** Name of the variable with the folder of gates: there, a run waits until a file has its id as name, or `all`. */
export const gateVariable = 'QUICK_STAGE_GATES';

/** Name of the variable that lets what waits be looked at as the real stage does; a storm has no time for that. */
export const previewVariable = 'QUICK_STAGE_PREVIEWS';

/** What the quick stage has in the place of everything that is done with an engine. */
export function quickSide(env: Readonly<Record<string, string | undefined>>): EngineSide {
  return {
    carryOut: (trigger, options) => quickRun(trigger, options, env[gateVariable]),
    ready: async () => ({
      engine: { host: 'none' } as Engine,
      environment: async () => ({ engine: 'none' }),
    }),
    checkRoom: async () => {},
    preview: env[previewVariable] === undefined ? async () => null : previewTrigger,
    // As the real one, but for the engine: the folders of dead attempts, under their locks.
    removeLeftovers: async ({ earlier }, _engine, { runs }) => {
      for (const id of earlier) await (await openRun({ runs, id })).close();
    },
  };
}
