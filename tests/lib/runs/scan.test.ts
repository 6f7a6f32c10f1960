import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeMasker } from '@ccci/lib/runs/mask.ts';
import { scanArtefacts } from '@ccci/lib/runs/scan.ts';
import t from 'tap';

const secret = 'correct-horse-battery';

function maskerOf(...secrets: string[]) {
  const masker = makeMasker();
  for (const one of secrets) masker.add(one);
  return masker;
}

t.test('files of any kind and size are looked through; one that holds a secret is withheld', async (t) => {
  const dir = t.testdir({
    'results.html': `<p>${secret}</p>`,
    'harmless.txt': 'nothing',
    'screenshot.png': Buffer.concat([
      Buffer.from([0x89, 0x50, 0xff, 0xfe, 0]),
      Buffer.from(secret),
      Buffer.from([0xff]),
    ]),
    logs: { 'app.log': `a\n${Buffer.from(secret).toString('base64')}\n`, deep: { 'er.log': secret } },
    work: { 'restic-password': secret },
    lock: secret,
  });
  const { leaking, problem } = await scanArtefacts(dir, maskerOf(secret));
  t.same(leaking, ['logs/app.log', 'logs/deep/er.log', 'results.html', 'screenshot.png']);
  t.equal(problem, null);
  for (const name of leaking) t.notOk(existsSync(join(dir, name)), `${name} is withheld`);
  for (const name of ['harmless.txt', 'work/restic-password', 'lock'])
    t.ok(existsSync(join(dir, name)), `${name} stays`);
});

t.test('a secret across two pieces of a large file', async (t) => {
  const dir = t.testdir({});
  const million = 1024 * 1024;
  for (const before of [million - secret.length, million - 5, million, 3 * million - 1]) {
    const path = join(dir, `at-${before}.log`);
    writeFileSync(path, `${'x'.repeat(before)}${secret}${'y'.repeat(100)}`);
    const { leaking } = await scanArtefacts(dir, maskerOf(secret, 'a-short-one'));
    t.same(leaking, [`at-${before}.log`]);
  }
});

t.test('the log of records keeps its length and its lines', async (t) => {
  const dir = t.testdir({});
  const path = join(dir, 'events.ndjson');
  const odd = 'say "cheese" twice';
  const lines = [{ type: 'log', line: `pw ${secret}` }, { type: 'log', line: odd }, { type: 'run.finished' }];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  writeFileSync(path, text);
  const { leaking } = await scanArtefacts(dir, maskerOf(secret, odd));
  t.same(leaking, ['events.ndjson']);
  const after = readFileSync(path, 'utf8');
  t.equal(after.length, text.length, 'readers keep their place');
  const read = after
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { line?: string });
  t.equal(read[0]?.line, `pw ${'*'.repeat(secret.length)}`);
  t.match(read[1]?.line, /^\*+$/);
  t.equal(read.length, 3);
});

t.test('a scan that does not come to its end says so', async (t) => {
  const dir = t.testdir({ logs: {} });
  mkdirSync(join(dir, 'events.ndjson.d'));
  const gone = await scanArtefacts(join(dir, 'nowhere'), maskerOf(secret));
  t.match(gone, { leaking: [], problem: /ENOENT/ });
  t.same(await scanArtefacts(dir, maskerOf()), { leaking: [], problem: null }, 'nothing to look for');
});
