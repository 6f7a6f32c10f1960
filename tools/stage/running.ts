import { exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import { type Active, type Endings, runActive } from './active.ts';
import type { WorkOptions } from './work.ts';

export type RunningOptions = Endings &
  Pick<WorkOptions, 'errorRecord' | 'noteBug' | 'emit'> & {
    /** Called when a run has ended and its slot is free; with an error where even saying its bug failed. */
    readonly onEnd: (error: unknown) => void;
  };

/** The runs that go on. */
export type Running = {
  readonly active: ReadonlySet<Active>;
  /** How many were started so far. */
  readonly begun: () => number;
  readonly start: (
    run: Pick<Active, 'triggers' | 'claimed'>,
    work: (active: Active) => Promise<void>,
  ) => void;
};

/** Keeps the runs that go on; a bug in one of them is told, and ends no other. */
export function makeRunning(options: RunningOptions): Running {
  const active = new Set<Active>();
  let begun = 0;
  return {
    active,
    begun: () => begun,
    start: (run, work) => {
      begun += 1;
      const carryOut = async () => {
        let own: Active | undefined;
        try {
          await runActive(run, options, (one) => {
            own = one;
            active.add(one);
            return work(one);
          });
        } catch (error) {
          await tellBug(error, run.triggers[0].key, options);
        } finally {
          if (own !== undefined) active.delete(own);
        }
      };
      carryOut().then(() => options.onEnd(null), options.onEnd);
    },
  };
}

async function tellBug(
  error: unknown,
  key: string,
  { noteBug, emit, errorRecord }: RunningOptions,
): Promise<void> {
  noteBug(error);
  await emit(errorRecord(new Failure(exitStatus.bug, 'bug', `this is a bug: ${messageOf(error)}`), key));
}
