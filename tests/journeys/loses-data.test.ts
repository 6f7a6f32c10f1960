import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('L43 data that does not come back from a restore is red at level 2', (test) =>
  expectVerdict(test, {
    recipe: 'loses-data',
    verdict: 'red',
    level: 2,
    rungs: {
      install: 'pass',
      upgrade: 'pass',
      backup_restore: 'fail',
      functional: 'pass',
      lint: 'pass',
    },
    state: 'failure',
    summaries: {
      restore: /data/,
    },
  }),
);
