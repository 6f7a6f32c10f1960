import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('L53 S12 a recipe without tests of its own gets the whole generic run, level 3', (test) =>
  expectVerdict(test, {
    recipe: 'no-tests',
    verdict: 'green',
    level: 3,
    rungs: {
      install: 'pass',
      upgrade: 'pass',
      backup_restore: 'pass',
      functional: 'unver',
      lint: 'pass',
    },
    state: 'success',
  }),
);
