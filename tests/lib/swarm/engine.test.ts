import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkClient, checkEngine, connectEngine } from '@ccci/lib/swarm/engine.ts';
import { parseHost } from '@ccci/lib/swarm/transport.ts';
import t, { type Test } from 'tap';

t.test('DOCKER_HOST', async (t) => {
  t.same(parseHost(undefined).address, { socketPath: '/var/run/docker.sock' });
  t.same(parseHost('unix:///run/x.sock').address, { socketPath: '/run/x.sock' });
  t.same(parseHost('tcp://10.0.0.1').address, { host: '10.0.0.1', port: 2375 });
  t.throws(() => parseHost('ssh://me@host'), { code: 'engine-host', status: 78, hint: /ssh -L/ });
  t.throws(() => parseHost('nonsense'), { code: 'engine-host', status: 78 });
});

t.test('what is wrong with an engine is said, with what to do', async (t) => {
  await t.rejects(checkEngine(connectEngine('unix:///nonexistent.sock')), {
    code: 'engine-unreachable',
    status: 69,
    message: /ENOENT/,
    hint: /DOCKER_HOST/,
  });
  await t.rejects(checkEngine(await answering(t, { Swarm: { LocalNodeState: 'inactive' } })), {
    code: 'no-swarm',
    hint: /swarm init/,
  });
  await t.rejects(
    checkEngine(await answering(t, { Swarm: { LocalNodeState: 'active', ControlAvailable: false } })),
    { code: 'not-a-manager' },
  );
  const fine = await answering(t, {
    Swarm: { LocalNodeState: 'active', ControlAvailable: true, NodeID: 'n1' },
  });
  t.same(await checkEngine(fine), { version: '20.10', apiVersion: '1.41', nodeId: 'n1' });
});

t.test('an engine that has dropped our version of the API is spoken to in its own oldest', async (t) => {
  const paths: string[] = [];
  const engine = await serve(t, (path) => {
    paths.push(path);
    if (!path.startsWith('/v1.44/'))
      return [
        400,
        { message: 'client version 1.41 is too old. Minimum supported API version is 1.44, please upgrade' },
      ];
    return [200, { fine: true }];
  });
  t.same(await engine.json('GET', '/x'), { fine: true });
  t.same(await engine.json('GET', '/y'), { fine: true });
  t.same(paths, ['/v1.41/x', '/v1.44/x', '/v1.44/y']);
});

t.test('an error has the engine’s own words; silence and a signal end a call', async (t) => {
  const engine = await serve(t, (path) =>
    path.endsWith('/silent') ? null : [409, { message: 'name is taken' }],
  );
  await t.rejects(engine.json('POST', '/networks/create?a=b', {}), {
    httpStatus: 409,
    words: 'name is taken',
    message: 'Docker engine, POST /networks/create: name is taken',
  });
  await t.rejects(engine.json('GET', '/silent', undefined, { timeoutMs: 100 }), {
    code: 'engine-unreachable',
    words: 'no answer within 0.1 s',
  });
  await t.rejects(engine.json('GET', '/silent', undefined, { signal: AbortSignal.timeout(100) }), {
    code: 'aborted',
  });
});

t.test('the docker command', async (t) => {
  const fake = (version: string) => ({
    PATH: `${t.testdir({ docker: `#!/bin/sh\necho Docker version ${version}, build x\n` })}:/usr/bin:/bin`,
  });
  await t.rejects(checkClient({ PATH: t.testdir({}) }), { code: 'client-missing', status: 69 });
  const { chmodSync } = await import('node:fs');
  const old = fake('20.10.24+dfsg1');
  chmodSync(`${old.PATH.split(':')[0]}/docker`, 0o755);
  await t.rejects(checkClient(old), { code: 'client-too-old', message: /20\.10\.24\+dfsg1/ });
  const fine = fake('28.2.2');
  chmodSync(`${fine.PATH.split(':')[0]}/docker`, 0o755);
  t.equal(await checkClient(fine), '28.2.2');
});

function answering(t: Test, info: object) {
  return serve(t, (path) => [
    200,
    path.endsWith('/version') ? { Version: '20.10', ApiVersion: '1.41' } : info,
  ]);
}

async function serve(t: Test, answerFor: (path: string) => [number, object] | null) {
  const server: Server = createServer((incoming, answer) => {
    const reply = answerFor(incoming.url ?? '');
    if (reply !== null) answer.writeHead(reply[0]).end(JSON.stringify(reply[1]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return connectEngine(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
