import { boundedLines } from '@ccci/lib/stages/say-output.ts';
import t from 'tap';

t.test('of very much output the middle is left out, and said', async (t) => {
  t.same(boundedLines('one\r\n\n  two\n'), ['one', '  two']);
  const lines = boundedLines(Array.from({ length: 100_000 }, (_, index) => `line ${index}`).join('\n'));
  t.equal(lines.length, 401);
  t.equal(lines[300], '… 99600 lines left out …');
  t.equal(lines.at(-1), 'line 99999');
});
