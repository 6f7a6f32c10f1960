import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { expectVerdict } from '../support/journey/expect.ts';

await enterBox(import.meta.url);

t.test('L24 a version that exits at once is red at level 0', (test) =>
  expectVerdict(test, {
    recipe: 'exits-at-once',
    verdict: 'red',
    level: 0,
    rungs: {
      install: 'fail',
    },
    state: 'failure',
    summaries: {
      install: /exit 3.*SMTP_HOST/,
    },
  }),
);
