import type { ExitStatus } from './failure.ts';

/** Collects what happened and knows the exit status that tells it: the first that applies in the order of records.md. */
export type Outcome = {
  readonly note: (status: ExitStatus) => void;
  readonly status: () => ExitStatus;
};

const precedence: readonly ExitStatus[] = [64, 78, 70, 74, 130, 143, 69, 75, 65, 1, 0];

export function makeOutcome(): Outcome {
  const noted = new Set<ExitStatus>([0]);
  return {
    note: (status) => noted.add(status),
    status: () => precedence.find((status) => noted.has(status)) ?? 0,
  };
}
