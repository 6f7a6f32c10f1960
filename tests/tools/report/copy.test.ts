import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePng, encodePng } from '@ccci/lib/pictures/png.ts';
import t from 'tap';
import { copyPublished } from '../../../tools/report/copy.ts';

t.test('published files are copied by fixed names', async (t) => {
  const dir = t.testdir({
    run: {
      'results.json': '{}',
      'events.ndjson': '',
      'secret.txt': 'no',
      logs: { 'app.log': 'line\n', 'notes.txt': 'no', '.hidden.log': 'no' },
      junit: { 'custom.xml': '<x/>' },
      work: { env: 'SECRET=1' },
    },
    out: {},
  });
  await copyPublished(join(dir, 'run'), join(dir, 'out'));
  const copied = ['results.json', 'events.ndjson', 'logs/app.log', 'junit/custom.xml'];
  for (const name of copied)
    t.equal(readFileSync(join(dir, 'out', name), 'utf8'), readFileSync(join(dir, 'run', name), 'utf8'), name);
  for (const name of ['secret.txt', 'work', 'logs/notes.txt', 'logs/.hidden.log'])
    t.notOk(existsSync(join(dir, 'out', name)), name);
});

t.test('links lead nowhere', async (t) => {
  const dir = t.testdir({
    secret: { 'token.log': 'token', token: 'token' },
    run: { logs: {} },
    other: {},
    out: {},
  });
  symlinkSync(join(dir, 'secret', 'token'), join(dir, 'run', 'results.json'));
  linkSync(join(dir, 'secret', 'token'), join(dir, 'run', 'lint.txt'));
  symlinkSync(join(dir, 'secret', 'token.log'), join(dir, 'run', 'logs', 'app.log'));
  symlinkSync(join(dir, 'secret'), join(dir, 'run', 'junit'));
  mkdirSync(join(dir, 'run', 'events.ndjson'));
  await copyPublished(join(dir, 'run'), join(dir, 'out'));
  for (const name of ['results.json', 'lint.txt', 'logs/app.log', 'junit', 'events.ndjson'])
    t.notOk(existsSync(join(dir, 'out', name)), name);
  symlinkSync(join(dir, 'secret'), join(dir, 'linked'));
  writeFileSync(join(dir, 'secret', 'results.json'), '{}');
  await copyPublished(join(dir, 'linked'), join(dir, 'out'));
  t.notOk(existsSync(join(dir, 'out', 'results.json')), 'a run directory that is a link');
});

t.test('pictures are decoded and encoded again; what is none is left out', async (t) => {
  const picture = { width: 3, height: 2, rgb: new Uint8Array(18).fill(200) };
  const png = Buffer.from(encodePng(picture));
  const dir = t.testdir({
    run: {
      'screenshot.png': Buffer.concat([png, Buffer.from('<script>appended</script>')]),
      'screenshot-upgrade.png': '<svg onload="alert(1)"/>',
      'summary.png': '',
    },
    out: { 'screenshot-upgrade.png': 'of before' },
    secret: { 'summary.png': png },
  });
  const summary = join(dir, 'run', 'summary.png');
  rmSync(summary);
  symlinkSync(join(dir, 'secret', 'summary.png'), summary);
  await copyPublished(join(dir, 'run'), join(dir, 'out'));
  const copied = readFileSync(join(dir, 'out', 'screenshot.png'));
  t.same(decodePng(copied), picture);
  t.notOk(copied.includes('appended'));
  for (const name of ['screenshot-upgrade.png', 'summary.png'])
    t.notOk(existsSync(join(dir, 'out', name)), name);
});
