import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { startWorld } from '../../support/forge/fixture.ts';
import type { Forge } from '../../support/forge/forge.ts';
import { enrolledAt, readInbox, secret } from './world.ts';

const main = fileURLToPath(new URL('../../../tools/hook/main.ts', import.meta.url));

/** A forge and a configuration for it; `start` runs the program, its input never ends. */
async function configured(t: Test) {
  const dir = t.testdir({ state: {} });
  const world = await startWorld(dir);
  t.teardown(() => world.forge.close());
  const state = join(dir, 'state');
  writeFileSync(join(dir, 'token'), world.token);
  writeFileSync(join(dir, 'secret'), `${secret}\n`);
  writeFileSync(join(state, 'enrolled.json'), JSON.stringify({ 'gitea/org': enrolledAt }));
  const { url } = world.forge;
  const files = { tokenFile: join(dir, 'token'), hookSecretFile: join(dir, 'secret') };
  const gitea = { url, organisations: ['org'], ...files };
  const config = join(dir, 'config.json');
  writeFileSync(config, JSON.stringify({ state, forges: { gitea } }));
  const start = (...args: string[]) => {
    const child = spawn(process.execPath, [main, '--config', config, ...args], { timeout: 60_000 });
    const ended = once(child, 'close') as Promise<[number | null, string | null]>;
    let said = '';
    const address = new Promise<string>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
        said += chunk;
        const [, url] = /listening on (\S+)\n/.exec(said) ?? [];
        if (url !== undefined) resolve(url);
      });
      void ended.then(() => reject(new Error(`it ended: ${said}`)));
    });
    address.catch(() => {});
    const out = text(child.stdout);
    const end = async () => ({ exit: (await ended)[0], out: await out, err: said });
    return { child, address, end };
  };
  return {
    ...world,
    dir,
    state,
    start,
    comment: (body: string) => world.forge.comment('org', 'app', 1, 'mia', body),
  };
}

/** Waits until the receiver has asked for this; a fault is counted only when the request is answered. */
const isAsked = (forge: Forge, path: RegExp) =>
  forge.waitFor(() => forge.requests.some((request) => path.test(request.path)), { what: String(path) });

t.test('listens, hands in, says nothing on standard output, ends at SIGTERM with 143', async (t) => {
  const { comment, forge, start, state } = await configured(t);
  const { address, child, end } = start('--port', '0');
  const url = await address;
  t.match(url, /^http:\/\/127\.0\.0\.1:\d+\/hook$/);
  const { id } = comment('!testme');
  t.match(await forge.deliver(id, { url, secret }), { status: 200 });
  t.match(await fetch(`${url}/healthz`).then((answer) => answer.text()), /^ok$/);
  t.match(readInbox(state), [{ record: { type: 'trigger', key: `gitea-${id}`, by: 'ccci-hook/dev' } }]);
  child.kill('SIGTERM');
  t.match(await end(), {
    exit: 143,
    out: '',
    err: new RegExp(
      `^ccci-hook: listening on ${url}\nccci-hook: handed in gitea-${id}: trigger of org/app#1\n$`,
    ),
  });
});

t.test('SIGINT in the middle of a delivery: it is finished first', async (t) => {
  const { comment, forge, start, state } = await configured(t);
  const { address, child, end } = start('--port', '0');
  const url = await address;
  const { id } = comment('!testme');
  forge.misbehave({ match: { path: /pulls/ }, fault: { delayMs: 500 } });
  const delivered = forge.deliver(id, { url, secret });
  await isAsked(forge, /pulls/);
  child.kill('SIGINT');
  t.match(await delivered, { status: 200, text: `handed in: gitea-${id}` });
  t.match(await end(), { exit: 130, out: '' });
  t.equal(readInbox(state).length, 1);
});

t.test('the second signal ends at once', async (t) => {
  const { comment, forge, start, state } = await configured(t);
  const { address, child, end } = start('--port', '0');
  const url = await address;
  forge.misbehave({ match: { path: /pulls/ }, times: 9, fault: 'hang' });
  const delivered = forge.deliver(comment('!testme').id, { url, secret });
  await isAsked(forge, /pulls/);
  child.kill('SIGTERM');
  // It takes no more as soon as it knows of the first.
  while ((await forge.deliver('{}', { url, secret })).status === 401);
  child.kill('SIGTERM');
  t.match(await end(), { exit: 143 });
  t.match(await delivered, { status: null });
  t.same(readInbox(state), []);
});

t.test('a port that is taken, an address that is not ours: 69, with what to do', async (t) => {
  const { start } = await configured(t);
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  t.match(await start('--port', String(port)).end(), {
    exit: 69,
    out: '',
    err: /cannot listen on 127\.0\.0\.1, port \d+: .*EADDRINUSE.*choose another --port/,
  });
  t.match(await start('--host', '192.0.2.1', '--port', '0').end(), {
    exit: 69,
    err: /EADDRNOTAVAIL.*--host must be an address of this machine/,
  });
});

t.test('without secrets nothing listens', async (t) => {
  const { forge, dir, start } = await configured(t);
  writeFileSync(join(dir, 'empty'), ' \n');
  const cases = [
    ['none', { hookSecretFile: undefined }, /no forge has a secret for its webhooks.*hookSecretFile/],
    ['empty', { hookSecretFile: join(dir, 'empty') }, /the webhook secret of forge gitea in .* is empty/],
    ['not there', { hookSecretFile: '/nonexistent/x' }, /cannot read the webhook secret of forge gitea/],
    [
      'of one',
      { hookSecretFiles: { org: '/nonexistent/x' } },
      /cannot read the webhook secret of org at forge/,
    ],
    [
      'misspelt',
      { hookSecretFiles: { orgs: '/x' } },
      /a secret for orgs, which is not enrolled; did you mean org\?/,
    ],
    ['elsewhere', { hookSecretFiles: { 'eve/x': '/x' } }, /a secret for eve\/x, which is not enrolled/],
    ['nothing enrolled', { organisations: [] }, /nothing is enrolled at the forges that have a secret/],
    ['no token', { tokenFile: '/nonexistent/x' }, /cannot read the read token of forge gitea/],
  ] as const;
  const run = async ([name, change, err]: (typeof cases)[number]) => {
    const path = join(dir, `${name}.json`);
    const gitea = { url: forge.url, organisations: ['org'], hookSecretFile: join(dir, 'secret'), ...change };
    writeFileSync(path, JSON.stringify({ state: join(dir, 'state'), forges: { gitea } }));
    t.match(await start('--config', path).end(), { exit: 78, out: '', err }, name);
  };
  await Promise.all(cases.map(run));
  t.equal(forge.requests.length, 0);
});

t.test('a state that cannot be made is 74, before anything listens', async (t) => {
  const { start, dir } = await configured(t);
  writeFileSync(join(dir, 'in-the-way'), '');
  mkdirSync(join(dir, 'other'));
  t.match(await start('--state', join(dir, 'in-the-way', 'x'), '--port', '0').end(), {
    exit: 74,
    out: '',
    err: /cannot make folder/,
  });
});
