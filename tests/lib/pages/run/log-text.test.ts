import { logText } from '@ccci/lib/pages/run/log-text.ts';
import t from 'tap';

t.test('a line of a log, as a page shows it', async (t) => {
  t.equal(logText('plain'), 'plain');
  t.equal(logText('\u001b[1;31mred\u001b[0m\r'), 'red', 'colours are for terminals');
  t.equal(logText('\u001b[2Jgone'), '\\u001b[2Jgone', 'all else that steers one is shown');
  t.equal(logText('a\u202eb'), 'a\\u202eb', 'and so is what turns text around');
});

t.test('too long a line is cut, never through a character', async (t) => {
  t.equal(logText('abcdef', 4), 'abcd… (2 characters more)');
  t.equal(logText('abc😀', 4), 'abc… (2 characters more)');
  t.ok(logText('x'.repeat(1_000_000)).length < 2_100);
});
