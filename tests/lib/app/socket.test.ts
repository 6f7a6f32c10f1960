import { mkdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { openAppSocket } from '@ccci/lib/app/open.ts';
import { parseRoute } from '@ccci/lib/app/route.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { labRun, web } from '../swarm/lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);

/** What one or the other answer has, as far as it is looked at. */
type Content = {
  readonly services: readonly { readonly name: string }[];
  readonly environment: readonly string[];
  readonly tasks: readonly { readonly state: string }[];
  readonly lines: readonly string[];
};

function ask(
  dir: string,
  method: string,
  path: string,
  body?: string,
): Promise<{ status: number; json: Content }> {
  return new Promise((resolve, reject) => {
    // The folder's path is longer than a socket's may be.
    const socketPath = `/proc/self/cwd/app.sock`;
    process.chdir(dir);
    const outgoing = request({ socketPath, method, path, agent: false }, async (answer) => {
      let text = '';
      for await (const chunk of answer.setEncoding('utf8')) text += chunk;
      resolve({ status: answer.statusCode ?? 0, json: JSON.parse(text) });
    });
    outgoing.on('error', reject).end(body);
  });
}

t.test('a request is read strictly', async (t) => {
  t.same(parseRoute('GET', '/services'), { kind: 'list', dep: null });
  t.same(parseRoute('GET', '/deps/keycloak/services/app/logs?tail=5'), {
    kind: 'logs',
    dep: 'keycloak',
    service: 'app',
    tail: 5,
  });
  t.match(parseRoute('GET', '/services/app/logs?tail=1e9'), { status: 400, error: /1 to 1000/ });
  t.match(parseRoute('GET', '/services/app/exec'), { status: 405 });
  t.match(parseRoute('GET', '/services/a/b/c'), { status: 404 });
  t.match(parseRoute('GET', '/containers/json'), { status: 404 });
  t.match(parseRoute('GET', '/services/%zz'), { status: 400 });
});

t.test('exec, logs and inspect of this run, and of no other', async (t) => {
  const mine = labRun(t, engine);
  const other = labRun(t, engine);
  const dir = join(t.testdir(), 'a-folder-with-a-long-name'.repeat(5));
  await mkdir(dir);
  const secret = 'hush-hush-secret';
  await Promise.all([
    mine.land({
      app: {
        ...web(1),
        environment: { PASSWORD: secret },
        command: ['sh', '-c', `echo said ${secret}; sleep 600`],
      },
    }),
    other.land({ theirs: web(1) }),
  ]);
  const socket = await openAppSocket({
    engine,
    stacks: () => ({ app: mine.stack, deps: {} }),
    mask: (text) => text.replaceAll(secret, '***'),
    dir,
    timeoutMs: 2_000,
    signal: mine.signal,
  });
  t.teardown(socket.close);
  const exec = (order: unknown) => ask(dir, 'POST', '/services/app/exec', JSON.stringify(order));

  const list = await ask(dir, 'GET', '/services');
  t.same(
    list.json.services.map((one) => one.name),
    ['app'],
  );
  for (const name of ['theirs', `${other.stack}_theirs`, `..%2F${other.stack}_theirs`, ''])
    t.equal((await ask(dir, 'GET', `/services/${name}`)).status, 404, `no service ${name}`);
  t.match(await ask(dir, 'GET', `/deps/${other.stack}/services`), {
    status: 404,
    json: { error: /no dependency/ },
  });

  const inspected = await ask(dir, 'GET', '/services/app');
  t.same(inspected.json.environment, ['PASSWORD']);
  t.equal(inspected.json.tasks[0]?.state, 'running');
  t.notMatch(JSON.stringify(inspected.json), secret, 'no secret in what inspect says');
  t.match((await ask(dir, 'GET', '/services/app/logs')).json.lines, ['said ***']);

  t.match(await exec({ argv: ['sh', '-c', 'echo $PASSWORD $A; echo bad >&2; exit 4'], env: { A: 'b' } }), {
    status: 200,
    json: { exitCode: 4, stdout: `${secret} b\n`, stderr: 'bad\n', timedOut: false, cut: 0 },
  });
  t.match((await exec({ argv: ['sleep', '60'], timeoutMs: 60_000 })).json, { exitCode: 124, timedOut: true });
  const long = await exec({ argv: ['sh', '-c', 'yes | head -c 3000000'] });
  t.match(long.json, { cut: 3_000_000 - 1024 * 1024 });
  t.match(await exec({ argv: [] }), { status: 400, json: { error: /^argv/ } });
  t.match(await exec({ argv: ['true'], privileged: true }), { status: 400, json: { error: /privileged/ } });
  t.equal((await ask(dir, 'POST', '/services/app/exec', 'x'.repeat(70_000))).status, 413);

  const many = await Promise.all(Array.from({ length: 20 }, () => exec({ argv: ['sleep', '1'] })));
  t.ok(
    many.some(({ status }) => status === 429) && many.some(({ status }) => status === 200),
    'at most 8 at once',
  );
  await socket.close();
  await t.rejects(ask(dir, 'GET', '/services'), { code: /ENOENT|ECONNREFUSED/ });
});
