import type { Metrics } from './open.ts';
import type { Registry } from './registry.ts';

/** Passes records on and counts them by what they say; where nobody wants metrics they go through as they are. */
export function metered<Item extends object>(
  records: AsyncIterable<Item>,
  metrics: Metrics,
  count: (
    record: Item,
  ) => ((registry: Registry) => void) | null | Promise<((registry: Registry) => void) | null>,
): AsyncIterable<Item> {
  return metrics.isOn ? through(records, metrics, count) : records;
}

async function* through<Item extends object>(
  records: AsyncIterable<Item>,
  metrics: Metrics,
  count: Parameters<typeof metered<Item>>[2],
): AsyncGenerator<Item> {
  for await (const record of records) {
    yield record;
    const change = await count(record);
    if (change !== null) await metrics.update(change);
  }
}
