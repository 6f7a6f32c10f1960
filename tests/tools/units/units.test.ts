import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { renderUnit } from '../../../tools/units/render.ts';
import { runProgramHere } from './run.ts';

t.test('what cannot be a service is refused, all of it at once', async (t) => {
  const dir = t.testdir({
    'ccci.json': JSON.stringify({
      state: '/srv/my state',
      forges: { git: { url: 'https://git.example.org', organisations: ['x'], tokenFile: 'token' } },
    }),
  });
  const { exit, err } = await runProgramHere([
    '--config',
    join(dir, 'ccci.json'),
    '--output',
    join(dir, 'out'),
  ]);
  t.equal(exit, 78);
  t.match(err, /state is "\/srv\/my state": an absolute path of letters, digits/);
  t.match(err, /forges\.git\.tokenFile is "token": an absolute path/);
  t.match(err, /forges\.git\.reportTokenFile is not set: no verdict would be posted/);
  t.notMatch(err, /testsDir/, 'what nobody wrote is not complained about');
});

t.test('it writes where nothing is, and only when it is told where', async (t) => {
  const dir = t.testdir({ 'ccci.json': '{}' });
  const config = ['--config', join(dir, 'ccci.json')];
  t.match(await runProgramHere(config), { exit: 64, err: /--output is missing/ });
  mkdirSync(join(dir, 'out'));
  writeFileSync(join(dir, 'out', 'mine'), '');
  t.match(await runProgramHere([...config, '--output', join(dir, 'out')]), {
    exit: 64,
    err: /out is not empty/,
  });
});

t.test('a list is a key several times, an empty section is left out', async (t) => {
  t.equal(
    renderUnit({ Unit: { After: ['a', 'b'], X: '' }, Service: { Y: true }, Install: {} }),
    '[Unit]\nAfter=a\nAfter=b\nX=\n\n[Service]\nY=true\n',
  );
});
