import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { execInContainer } from '@ccci/lib/swarm/exec.ts';
import { ensureImages, imagesOf } from '@ccci/lib/swarm/images.ts';
import { followLogs } from '@ccci/lib/swarm/logs.ts';
import { createConfig, createNetwork, createSecret } from '@ccci/lib/swarm/objects.ts';
import { renderStack } from '@ccci/lib/swarm/render.ts';
import { taskAddresses } from '@ccci/lib/swarm/tasks.ts';
import t from 'tap';
import { enterBox } from '../../support/engine/enter.ts';
import { labRun, web } from './lab.ts';

t.setTimeout(600_000);
const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);
t.jobs = 3;

t.test(
  'rendering: merged, interpolated with the app’s variables alone, failures in the client’s words',
  async (t) => {
    const cwd = t.testdir({
      'compose.yml':
        'version: "3.8"\nservices:\n  app:\n    image: web:${V}\n    environment: {P: "${DOCKER_HOST:-none}", H: "${HTTPS_PROXY:-none}"}\n',
      'compose.more.yml': 'version: "3.8"\nservices:\n  app:\n    command: ["true"]\n',
      'bad.yml': 'version: "3.8"\nservices:\n  app:\n    imag: x\n',
    });
    const env = { V: '3', DOCKER_HOST: 'tcp://evil', HTTPS_PROXY: 'evil' };
    const text = await renderStack({ files: ['compose.yml', 'compose.more.yml'], env, cwd });
    t.match(text, /image: web:3/);
    t.match(text, /command:\n\s+- "?true/);
    t.notMatch(text, /evil/);
    await t.rejects(renderStack({ files: ['bad.yml'], env, cwd }), {
      code: 'render-failed',
      status: 65,
      message: /imag/,
    });
    t.same(imagesOf(text), ['web:3']);
  },
);

t.test(
  'logs: nothing is lost of a container that dies at once, nor of one that was there before',
  async (t) => {
    const lab = labRun(t, engine);
    const controller = new AbortController();
    const lines: string[] = [];
    const deploy = { restart_policy: { condition: 'none' } };
    const says = (words: string, end: string) =>
      web(
        1,
        {
          command: ['sh', '-c', `echo ${words} one; echo ${words} two >&2; printf "${words} three"; ${end}`],
        },
        deploy,
      );
    await lab.deploy({ app: says('app', 'sleep 60') });
    const first = followLogs(engine, {
      stack: lab.stack,
      onLines: (service, some) => {
        lines.push(...some.map((line) => `${service}: ${line}`));
        return null;
      },
      signal: controller.signal,
    });
    await lab.deploy({ app: says('app', 'sleep 60'), once: says('once', 'exit 1') });
    const until = performance.now() + 20_000;
    while (lines.length < 5 && performance.now() < until) await new Promise((next) => setTimeout(next, 20));
    t.same(lines.sort(), [
      'app: app one',
      'app: app two',
      'once: once one',
      'once: once three',
      'once: once two',
    ]);
    t.equal(first.last('nobody'), null);
    controller.abort();
    await first.done;
    const again: string[] = [];
    const late = new AbortController();
    const second = followLogs(engine, {
      stack: lab.stack,
      onLines: (service) => {
        again.push(service);
        return null;
      },
      signal: late.signal,
    });
    while (!again.includes('once') && performance.now() < until)
      await new Promise((next) => setTimeout(next, 20));
    t.match(second.last('once'), /^once /, 'a container that has ended is read too');
    late.abort();
    await second.done;
  },
);

t.test(
  'a command in a container: both streams, its status, what is not there, and the time limit',
  async (t) => {
    const lab = labRun(t, engine);
    t.match(await lab.land({ app: web(1) }), { ok: true });
    const [task] = await taskAddresses(engine, lab.stack, 'app');
    const run = (argv: string[], timeoutMs = 10_000) =>
      execInContainer(engine, task!.container, argv, { timeoutMs, signal: lab.signal, env: { WORD: 'hi' } });
    t.match(await run(['sh', '-c', 'echo $WORD; echo err >&2; exit 7']), {
      exitCode: 7,
      stdout: 'hi\n',
      stderr: 'err\n',
      isTimedOut: false,
    });
    t.match(await run(['/nosuch']), { exitCode: 126 });
    t.same(await taskAddresses(engine, lab.stack, 'nobody'), []);
    t.match(await run(['sh', '-c', 'echo begun; sleep 30'], 1_000), {
      exitCode: 124,
      stdout: 'begun\n',
      isTimedOut: true,
    });
  },
);

t.test('objects: the same again is fine, other content is an error that says what to do', async (t) => {
  const lab = labRun(t, engine);
  const name = `${lab.stack}_thing`;
  const { labels } = lab;
  t.equal(await createNetwork(engine, { name, labels }), await createNetwork(engine, { name, labels }));
  await t.rejects(createNetwork(engine, { name, labels: { ...labels, 'ccci.run': 'other' } }), {
    code: 'network-taken',
  });
  for (const create of [createSecret, createConfig]) {
    t.equal(
      await create(engine, { name, data: 'a', labels }),
      await create(engine, { name, data: 'a', labels }),
    );
    await t.rejects(create(engine, { name, data: 'b', labels }), {
      code: 'config-changed',
      status: 65,
      hint: /version/,
    });
    await t.rejects(create(engine, { name: 'x'.repeat(65), data: 'b', labels }), { code: 'object-refused' });
    await t.rejects(create(engine, { name: `${name}_big`, data: Buffer.alloc(1_100_000), labels }), {
      code: 'object-too-large',
    });
  }
});

t.test('L35 L62 images: there, not there, a rate limit, and no registry at all', async (t) => {
  const registry = createServer((incoming, answer) => {
    const isLimited = incoming.url?.includes('/limited/');
    const error = isLimited
      ? { code: 'TOOMANYREQUESTS', message: 'pull rate limit' }
      : { code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' };
    if (incoming.url === '/v2/') return answer.writeHead(200).end('{}');
    return answer
      .writeHead(isLimited ? 429 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ errors: [error] }));
  });
  await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
  t.teardown(() => registry.close());
  const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  const images = ['lab.invalid/web:1', `${host}/absent/app:1`, `${host}/limited/app:1`, '127.0.0.1:1/app:1'];
  const results = await ensureImages(engine, images, { timeoutMs: 30_000 });
  t.same(
    results.map(({ state }) => state),
    ['present', 'missing', 'rate-limit', 'failed'],
    JSON.stringify(results),
  );
  t.match(await labRun(t, engine).land({ app: { image: `${host}/absent/app:1` } }), {
    ok: false,
    kind: 'image-missing',
    cause: 'recipe',
  });
});
