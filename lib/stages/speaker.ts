import { makeStreamLimit } from '../runs/stream-limit.ts';
import type { RunContext } from './context.ts';

export type Speaker = {
  readonly line: (line: string) => void;
  /** All that was taken is recorded, and how much was left out is said. */
  readonly end: () => Promise<void>;
};

/**
 * Records what a test prints as `log` records, masked, within the limits that a service has too: output without end
 * fills neither the log of the run nor our memory.
 */
export function makeSpeaker({ recorder, masker }: RunContext, tool: string): Speaker {
  const limit = makeStreamLimit(Date.now, masker.mask);
  const failures: unknown[] = [];
  let written = Promise.resolve();
  let leftOut = 0;
  return {
    line: (line) => {
      const taken = limit(line);
      if (taken === null) {
        leftOut += 1;
        return;
      }
      written = recorder
        .emit({ type: 'log', stage: recorder.present(), tool, ...taken })
        .catch((error: unknown) => {
          failures.push(error);
        });
    },
    end: async () => {
      await written;
      if (failures.length > 0) throw failures[0];
      if (leftOut > 0) await recorder.say(tool, `${leftOut} more lines of its output are left out here`);
    },
  };
}
