import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('a lint error lowers the level to 4 and not the verdict', (test) =>
  expectVerdict(test, {
    recipe: 'lint-error',
    verdict: 'green',
    level: 4,
    rungs: {
      install: 'pass',
      upgrade: 'pass',
      backup_restore: 'pass',
      functional: 'pass',
      lint: 'fail',
    },
    state: 'success',
    summaries: {
      lint: /R012/,
    },
  }),
);
