import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('L30 a version that refuses the data of the old one is red at level 1', (test) =>
  expectVerdict(test, {
    recipe: 'refuses-old-data',
    verdict: 'red',
    level: 1,
    rungs: {
      install: 'pass',
      upgrade: 'fail',
      backup_restore: 'pass',
      functional: 'pass',
      lint: 'pass',
    },
    state: 'failure',
    summaries: {
      upgrade:
        /^upgrade did not land: Swarm paused the update of app after \d+ failed tasks? \(exit 1: ".*refusing to start: the data has schema 1.*"\)/,
    },
  }),
);
