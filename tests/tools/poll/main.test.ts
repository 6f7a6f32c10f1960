import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t, { type Test } from 'tap';
import { startWorld } from '../../support/forge/fixture.ts';

const main = fileURLToPath(new URL('../../../tools/poll/main.ts', import.meta.url));

/** A forge and a configuration for it; `start` runs the program with an input that never ends. */
async function configured(t: Test, forges: (url: string, tokenFile: string) => object) {
  const world = await startWorld(t.testdir());
  t.teardown(() => world.forge.close());
  const dir = t.testdirName;
  const tokenFile = join(dir, 'token');
  writeFileSync(tokenFile, `${world.token}\n`);
  mkdirSync(join(dir, 'state'));
  const config = join(dir, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({ state: join(dir, 'state'), forges: forges(world.forge.url, tokenFile) }),
  );
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [main, '--config', config, ...args], { timeout: 60_000 });
    const ended = once(child, 'close') as Promise<[number | null, string | null]>;
    return { child, ended, err: text(child.stderr) };
  };
  const run = async (...args: string[]) => {
    const { child, ended, err } = start(...args);
    const out = await text(child.stdout);
    const [exit] = await ended;
    const records = out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as AnyRecord);
    return { exit, records, err: await err };
  };
  return { ...world, dir, start, run };
}

const organisation = (url: string, tokenFile: string) => ({
  git: { url, tokenFile, organisations: ['org'] },
});

t.test('--once polls once, reads no input, writes no state', async (t) => {
  const { run, dir, forge } = await configured(t, organisation);
  const { exit, records, err } = await run('--once');
  t.equal(exit, 0);
  t.match(records.at(-1), { type: 'tick', by: 'ccci-poll/dev' });
  t.match(err, /^ccci-poll: first poll of git\/org: comments before .* are history\n$/);
  t.same(readdirSync(join(dir, 'state')), []);
  t.equal(forge.requests[0]!.user, 'bot');
});

t.test('what dedupe stored is where it begins', async (t) => {
  const { run, dir, forge } = await configured(t, organisation);
  const ago = (minutes: number) => `${new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 19)}Z`;
  writeFileSync(join(dir, 'state', 'enrolled.json'), JSON.stringify({ 'git/org': ago(60) }));
  writeFileSync(
    join(dir, 'state', 'cursors.json'),
    JSON.stringify({ 'git/org': { since: ago(30) }, 'git/gone': { since: ago(9) } }),
  );
  const { id } = forge.comment('org', 'app', 1, 'mia', '!testme', { createdAt: new Date(ago(20)) });
  const { exit, records } = await run('--once');
  t.equal(exit, 0);
  t.match(records, [{ type: 'trigger', key: `git-${id}` }, { cursors: { 'git/gone': { since: /./ } } }]);
});

t.test('nothing reachable is 69, something left is 75', async (t) => {
  const away = { url: 'http://127.0.0.1:1', organisations: ['org'] };
  const nothing = await configured(t, () => ({ away }));
  const { exit, records, err } = await nothing.run('--once');
  t.equal(exit, 69);
  t.match(records, [
    { type: 'error', forge: 'away' },
    { type: 'tick', cursors: {} },
  ]);
  t.match(err, /ccci-poll: error: GET .* at forge away got no answer/);
  await t.test('one of two', async (t) => {
    const half = await configured(t, (...given) => ({ away, ...organisation(...given) }));
    const { exit, records } = await half.run('--once');
    t.equal(exit, 75);
    t.match(records.at(-1), { cursors: { 'git/org': {} } });
  });
});

t.test('nothing enrolled, no token, wrong flag: said before anything is asked', async (t) => {
  const { run, forge } = await configured(t, (url) => ({
    git: { url, tokenFile: '/nonexistent/token', organisations: ['org'] },
  }));
  t.match(await run('--once'), {
    exit: 78,
    err: /cannot read the read token of forge git from \/nonexistent\/token/,
  });
  t.match(await run('--once', '--intervall-ms=5'), { exit: 64, err: /did you mean --interval-ms/ });
  t.match(await run('--once', '--interval-ms=soon'), { exit: 78, err: /poll\.intervalMs/ });
  t.equal(forge.requests.length, 0);
});

t.test('runs until SIGTERM, then ends with 143', async (t) => {
  const { start, forge } = await configured(t, organisation);
  const { child, ended } = start('--interval-ms', '50');
  child.stdout.resume();
  await forge.waitFor(() => forge.requests.length >= 3, { what: 'three polls' });
  child.kill('SIGTERM');
  t.same((await ended)[0], 143);
});

t.test('ends when nobody reads any more', async (t) => {
  const { start, forge } = await configured(t, organisation);
  const { child, ended, err } = start('--interval-ms', '50');
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await forge.waitFor(() => forge.requests.length >= 2, { what: 'another poll' });
  t.same((await ended)[0], 0);
  t.notMatch(await err, /error/);
});
