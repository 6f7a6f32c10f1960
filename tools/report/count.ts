import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import type { Metrics } from '@ccci/lib/metrics/open.ts';
import type { Registry } from '@ccci/lib/metrics/registry.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { Posted } from './bring.ts';

export type ReportCounter = {
  /** The same connections, whose requests are counted. */
  readonly forge: (name: string) => Promise<ForgeClient>;
  readonly posted: (posted: Posted) => void;
  readonly retried: () => void;
  /** What is to be written after a record went out; null for nothing new. */
  readonly count: (record: object) => ((registry: Registry) => void) | null;
  /** Writes what is not written yet. */
  readonly end: () => Promise<void>;
};

type Change = (registry: Registry) => void;

/** Counts requests, failures, further attempts, and how long people waited for an answer. */
export function makeReportCounter(
  connect: (name: string) => Promise<ForgeClient>,
  metrics: Metrics,
  now: () => Date,
): ReportCounter {
  const clients = new Set<ForgeClient>();
  let calls = 0;
  let changes: Change[] = [];
  const take = (): Change => {
    const made = [...clients].reduce((sum, client) => sum + client.calls, 0);
    const more = made - calls;
    const all = changes;
    calls = made;
    changes = [];
    return (registry) => {
      for (const change of all) change(registry);
      registry.add('ccci_report_forge_calls_total', more);
    };
  };
  return {
    forge: async (name) => {
      const client = await connect(name);
      clients.add(client);
      return client;
    },
    posted: (posted) => {
      const change = waited(posted, now());
      if (change !== null) changes.push(change);
    },
    retried: () => void changes.push(({ add }) => add('ccci_report_retries_total')),
    count: (record) => {
      const { type, by } = record as AnyRecord;
      const isOurs = String(by).startsWith('ccci-report/');
      if (type === 'error' && isOurs) changes.push(({ add }) => add('ccci_report_errors_total'));
      return isOurs ? take() : null;
    },
    end: () => metrics.update(take()),
  };
}

/** From the comment, by the forge's clock, to what was posted, by ours. */
function waited({ entry: { record }, stage }: Posted, at: Date): Change | null {
  const created = Date.parse(record.comment?.created ?? '');
  if (record.type !== 'trigger' || Number.isNaN(created)) return null;
  const seconds = Math.max(0, (at.getTime() - created) / 1000);
  const name = stage === 'pending' ? 'ccci_comment_to_pending_seconds' : 'ccci_comment_to_verdict_seconds';
  return ({ observe }) => observe(name, seconds);
}
