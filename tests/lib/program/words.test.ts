import { makeLog } from '@ccci/lib/program/log.ts';
import { didYouMean, nearest } from '@ccci/lib/program/nearest.ts';
import { visible } from '@ccci/lib/program/visible.ts';
import t from 'tap';

t.test('nearest', async (t) => {
  const known = ['state', 'config', 'log-format'];
  const cases = {
    stat: 'state',
    State: 'state',
    confg: 'config',
    'log-fromat': 'log-format',
    state: 'state',
  };
  for (const [word, expected] of Object.entries(cases)) t.equal(nearest(word, known), expected, word);
  for (const word of ['', 'x', 'help', 'zzzzz', 'w'.repeat(500)])
    t.equal(nearest(word, known), undefined, word);
  t.equal(nearest('state', []), undefined);
  t.equal(didYouMean('stat', known), '; did you mean state?');
  t.equal(didYouMean('zzzzz', known), '');
});

t.test('visible', async (t) => {
  t.equal(visible('a\tb\nü 😀 "quotes"'), 'a\tb\nü 😀 "quotes"', 'text stays as it is');
  const steering = {
    '\u001b[31m': '\\u001b[31m',
    '\r': '\\u000d',
    '\u0000': '\\u0000',
    '\u007f': '\\u007f',
    '\u009b': '\\u009b',
    '\u202e': '\\u202e',
    '\u2066': '\\u2066',
    '\u200f': '\\u200f',
    '\u061c': '\\u061c',
    '\ufeff': '\\ufeff',
    '\u2028': '\\u2028',
  };
  for (const [text, shown] of Object.entries(steering)) t.equal(visible(`a${text}b`), `a${shown}b`, shown);
  for (let code = 0; code < 0xa0; code += 1) {
    const character = String.fromCharCode(code);
    const stays = code === 9 || code === 10 || (code >= 32 && code < 127);
    t.equal(visible(character) === character, stays, `U+${code.toString(16)}`);
  }
});

t.test('the log as text', async (t) => {
  const { lines, log } = logging('text');
  log.info('started');
  log.warning('the forge is slow');
  log.error('unknown flag --x', 'see --help');
  log.error('evil \u001b[2J');
  log.info('two\nccci-poll: error: forged');
  t.same(lines, [
    'ccci-poll: started\n',
    'ccci-poll: warning: the forge is slow\n',
    'ccci-poll: error: unknown flag --x (see --help)\n',
    'ccci-poll: error: evil \\u001b[2J\n',
    'ccci-poll: two\n  ccci-poll: error: forged\n',
  ]);
});

t.test('the log as JSON', async (t) => {
  const { lines, log } = logging('json');
  const message = 'a\nb \u001b[2J \u202e \u009b "q"';
  log.info('started');
  log.error(message, 'see --help');
  for (const line of lines) t.match(line, /^[^\n]*\n$/, 'one line each');
  const [first, second] = lines.map((line) => JSON.parse(line));
  t.match(first, { level: 'info', program: 'ccci-poll', message: 'started', at: /^\d{4}-.*Z$/ });
  t.match(second, { level: 'error', message, hint: 'see --help' });
  t.notMatch(lines[1], /[\u001b\u202e\u009b]/, 'nothing in it steers a terminal');
});

function logging(format: 'text' | 'json') {
  const lines: string[] = [];
  const log = makeLog({ program: 'ccci-poll', format, write: (line) => lines.push(line) });
  return { lines, log };
}
