import type { Registry } from '@ccci/lib/metrics/registry.ts';
import type { Results } from '@ccci/lib/records/results.ts';

/** Counts a run and its stages by what it says of itself at its end. */
export function countRun(record: object): ((registry: Registry) => void) | null {
  if ((record as { type?: unknown }).type !== 'run.finished') return null;
  const { recipe, verdict, started, finished, stages } = record as Results;
  return ({ add, observe }) => {
    add('ccci_runs_total', 1, { recipe, verdict });
    observe('ccci_run_duration_seconds', Math.max(0, finished - started), { verdict });
    for (const { name: stage, status, ms } of stages) {
      add('ccci_stages_total', 1, { stage, status });
      // What did not run took no time, and would make the others look fast.
      if (status === 'pass' || status === 'fail')
        observe('ccci_stage_duration_seconds', ms / 1000, { stage, status });
    }
  };
}
