import type { Metrics } from '@ccci/lib/metrics/open.ts';
import type { Registry } from '@ccci/lib/metrics/registry.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { TickSummary } from './poll.ts';

/** Counts polls by their records; what comes between two ticks is written with the second one. */
export function makeCounter(): (record: AnyRecord) => ((registry: Registry) => void) | null {
  let errors = 0;
  return (record) => {
    if (record.type === 'error') errors += 1;
    if (record.type !== 'tick') return null;
    const failed = errors;
    errors = 0;
    return (registry) => {
      registry.add('ccci_poll_ticks_total');
      registry.add('ccci_poll_forge_calls_total', Number(record.calls));
      registry.add('ccci_poll_triggers_total', Number(record.triggers));
      registry.add('ccci_poll_errors_total', failed);
    };
  };
}

/** A tick in which nobody was asked, because all are given a rest, is no good one. */
export function countTick({ asked, isComplete }: TickSummary, at: Date, metrics: Metrics): void {
  if (asked === 0 || !isComplete) return;
  void metrics.update((registry) =>
    registry.set('ccci_poll_last_good_tick_timestamp_seconds', at.getTime() / 1000),
  );
}
