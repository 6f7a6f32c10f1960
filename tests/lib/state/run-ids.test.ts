import { nextRunId } from '@ccci/lib/state/run-ids.ts';
import t from 'tap';

for (const [used, expected] of [
  [[], 'gitea-1'],
  [['gitea-1'], 'gitea-1.2'],
  [['gitea-1', 'gitea-1.2'], 'gitea-1.3'],
  [['gitea-1.3'], 'gitea-1.4'],
  [['gitea-2', 'gitea-2.2'], 'gitea-1'],
  [['gitea-1.control', 'gitea-1.repeat'], 'gitea-1'],
  [['gitea-11'], 'gitea-1'],
] as const) {
  t.test(`after ${used.join(', ') || 'nothing'}: ${expected}`, async (t) =>
    t.equal(nextRunId('gitea-1', used), expected),
  );
}
