import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('a good recipe is green at level 5', (test) =>
  expectVerdict(test, {
    recipe: 'good',
    verdict: 'green',
    level: 5,
    rungs: {
      install: 'pass',
      upgrade: 'pass',
      backup_restore: 'pass',
      functional: 'pass',
      lint: 'pass',
    },
    state: 'success',
  }),
);
