import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('a failing custom test is red at level 3', (test) =>
  expectVerdict(test, {
    recipe: 'failing-test',
    verdict: 'red',
    level: 3,
    rungs: {
      install: 'pass',
      upgrade: 'pass',
      backup_restore: 'pass',
      functional: 'fail',
      lint: 'pass',
    },
    state: 'failure',
    summaries: {
      custom: /custom\/search\.test\.mjs/,
    },
  }),
);
