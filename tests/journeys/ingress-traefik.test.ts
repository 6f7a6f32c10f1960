import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { startProxy } from '../support/proxy/proxy.ts';
import { byHand, checkOut, type Home, makeHome } from '../tools/stage/home.ts';
import { type Ended, start } from '../tools/stage/start.ts';

const box = await enterBox(import.meta.url);

function configure(home: Home, stage: object): string {
  const file = join(home.dir, 'ccci.json');
  writeFileSync(file, JSON.stringify({ stage: { ingress: 'traefik', slots: 2, ...stage } }));
  return file;
}

function run(home: Home, config: string, input: readonly object[]): Promise<Ended> {
  const argv = ['ccci-stage', '--allow-local', '--config', config] as const;
  return start([...argv], { cwd: home.dir, env: home.env, input }).ended;
}

t.test('two runs at once through one proxy, which is let go of', async (t) => {
  const home = makeHome(t.testdir());
  const proxy = await startProxy(t, box, ['*.ccci.test']);
  const { name, connect, caFile } = proxy;
  const config = configure(home, { proxy: name, proxyConnect: connect, proxyCaFile: caFile });
  const checkouts = [
    await checkOut(home, 'good', { as: 'one' }),
    await checkOut(home, 'good', { as: 'two' }),
  ];
  for (const recipe of ['one', 'two']) {
    const file = join(home.dir, 'tests', recipe, 'custom', 'through.test.mjs');
    writeFileSync(file, throughTest);
  }
  const { exit, records, stderr } = await run(
    home,
    config,
    checkouts.map((one) => byHand(one)),
  );
  t.equal(exit, 0, stderr);
  const finished = records.filter((record) => record.type === 'run.finished');
  t.equal(finished.length, 2);
  for (const { verdict, level, stages, flags } of finished)
    t.match({ verdict, level, flags }, { verdict: 'green', level: 5, flags: { clean_teardown: true } }, '', {
      stages,
    });
  const asked = records.filter(
    (record) => record.type === 'test' && record.message === 'answered by the proxy',
  );
  t.ok(asked.length >= 4, 'both sides of both runs were asked through the proxy');
  for (const { domain } of records.filter((record) => record.type === 'run.started'))
    t.same(leftOnEngine(stackName(String(domain))), nothing);
  t.same(proxy.networks(), ['bridge'], 'the proxy is on its own networks alone');
});

t.test("what is wrong with the proxy is nobody else's fault", async (t) => {
  const home = makeHome(t.testdir());
  const proxy = await startProxy(t, box, ['*.elsewhere.test']);
  const good = byHand(await checkOut(home, 'good', { as: 'odd' }), { quick: true });
  const { name, connect, caFile } = proxy;
  const cases: readonly (readonly [string, object, RegExp])[] = [
    [
      'no such container',
      { proxy: 'nobody', proxyConnect: connect },
      /no container of the proxy nobody runs/,
    ],
    [
      'nobody listens',
      { proxy: name, proxyConnect: '127.0.0.1:1' },
      /the proxy does not answer at 127\.0\.0\.1:1/,
    ],
    [
      'another name',
      { proxy: name, proxyConnect: connect, proxyCaFile: caFile },
      /shows for \S+ is not trusted/,
    ],
  ];
  for (const [title, stage, words] of cases) {
    const { records } = await run(home, configure(home, stage), [good]);
    const end = records.find((record) => record.type === 'run.finished');
    t.equal(end?.verdict, 'infra', title);
    t.match(String(end?.reason), words, title);
  }
  t.same(proxy.networks(), ['bridge']);
});

t.test('a proxy without a name is told before anything starts', async (t) => {
  const home = makeHome(t.testdir());
  const { exit, stderr } = await run(home, configure(home, {}), []);
  t.equal(exit, 78);
  t.match(stderr, /stage\.proxy does not say which service or container/);
});

const throughTest = `import assert from 'node:assert/strict';
import test from 'node:test';
test('the proxy serves, over https, without a port', async () => {
  assert.equal(process.env.CCCI_URL, 'https://' + process.env.CCCI_DOMAIN);
  const answer = await fetch(process.env.CCCI_URL);
  assert.equal(answer.headers.get('x-through'), 'stand-in');
  assert.match(await answer.text(), /from version 1\\.1\\.0/);
});
`;
