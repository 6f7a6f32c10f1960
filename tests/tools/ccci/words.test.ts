import type { Log } from '@ccci/lib/program/log.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import t from 'tap';
import { printFinding } from '../../../tools/ccci/lint/finding.ts';
import { compare } from '../../../tools/ccci/test/earlier.ts';
import { readWanted, stageFlags } from '../../../tools/ccci/test/wanted.ts';
import { makeWords } from '../../../tools/ccci/test/words.ts';

t.test('what ccci-stage says is said once: not what its records say already', async (t) => {
  const said: string[] = [];
  const log: Log = {
    info: (message) => said.push(message),
    warning: (message) => said.push(`warning: ${message}`),
    error: (message, hint) => said.push(`error: ${message} (${hint})`),
  };
  const words = makeWords(log, () => {});
  const word = (level: string, message: string, hint?: string) =>
    words.word(JSON.stringify({ level, program: 'ccci-stage', message, hint }));
  word('info', 'waits for its turn');
  word('error', 'no engine', 'start it');
  word('error', 'something else', 'mend it');
  words.record({ type: 'error', message: 'no engine' });
  words.record({ type: 'run.started', run: 'hand-1' });
  word('info', 'hand-1 ghost: green, level 5');
  words.word('not JSON at all');
  words.end();
  t.same(said, ['waits for its turn', 'not JSON at all', 'error: something else (mend it)']);
});

t.test('whether a run came out the same', async (t) => {
  t.equal(compare(resultsExample, resultsExample), 'It came out the same as run gitea-14497: red.');
  const [stage] = resultsExample.stages;
  const now = {
    ...resultsExample,
    verdict: 'green' as const,
    stages: [{ ...stage!, status: 'fail' as const }],
  };
  t.equal(
    compare(resultsExample, now),
    'It did not come out the same as run gitea-14497: red there, green here (install was pass, is fail).',
  );
});

t.test('flags: what is ours, and what is passed on to ccci-stage', async (t) => {
  t.same(readWanted({ quick: true, ref: 'main' }), { ref: 'main', options: { quick: true } });
  t.same(readWanted({ stages: 'install,custom' }).options, { stages: ['install', 'custom'] });
  t.throws(() => readWanted({ stages: 'instal' }), { code: 'bad-value', message: /instal/ });
  t.throws(() => readWanted({ quick: true, stages: 'lint' }), { code: 'bad-value' });
  t.throws(() => readWanted({ attach: 'hand-1', target: './ghost' }), { code: 'bad-value' });
  t.same(stageFlags({ keep: true, 'tests-dir': 'tests', quick: true }), ['--tests-dir', 'tests', '--keep']);
  t.same(stageFlags({ attach: 'hand-1', stages: 'custom' }), ['--attach', 'hand-1', '--stages', 'custom']);
});

t.test('findings as a compiler prints them', async (t) => {
  const finding = { level: 'error', rule: 'R009', message: 'no app\u001b[2J', todo: 'name one app' } as const;
  t.equal(
    printFinding({ ...finding, file: 'compose.yml', line: 12 }),
    'compose.yml:12: error: no app\\u001b[2J [R009]\n    name one app\n',
  );
  t.equal(
    printFinding({ ...finding, file: null, line: null, todo: null }),
    'error: no app\\u001b[2J [R009]\n',
  );
});
