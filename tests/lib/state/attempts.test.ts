import { attemptsOf } from '@ccci/lib/state/attempts.ts';
import t from 'tap';

const claim = (run: string) => ({ type: 'claim', run });
const queued = { type: 'queued' };
const other = { type: 'run.finished' };

const table = [
  ['never taken', [{ type: 'trigger' }], { runs: [], died: 0, lastRun: null }],
  ['died', [claim('a')], { runs: ['a'], died: 1, lastRun: 'a' }],
  ['given back', [claim('a'), other, queued], { runs: ['a'], died: 0, lastRun: 'a' }],
  [
    'died, then given back',
    [claim('a'), claim('a.2'), queued],
    { runs: ['a', 'a.2'], died: 1, lastRun: 'a.2' },
  ],
  [
    'given back, then died',
    [claim('a'), queued, claim('a.2'), other],
    { runs: ['a', 'a.2'], died: 1, lastRun: 'a.2' },
  ],
  [
    'died three times',
    [claim('a'), claim('a.2'), claim('a.3')],
    { runs: ['a', 'a.2', 'a.3'], died: 3, lastRun: 'a.3' },
  ],
] as const;

for (const [name, records, expected] of table) {
  t.test(name, async (t) => t.strictSame(attemptsOf(records), expected));
}
