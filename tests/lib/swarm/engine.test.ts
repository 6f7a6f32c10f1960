import { parseHost } from '@ccci/lib/swarm/transport.ts';
import t from 'tap';
import { serve } from './answers.ts';

t.test('DOCKER_HOST', async (t) => {
  t.same(parseHost(undefined).address, { socketPath: '/var/run/docker.sock' });
  t.same(parseHost('unix:///run/x.sock').address, { socketPath: '/run/x.sock' });
  t.same(parseHost('tcp://10.0.0.1').address, { host: '10.0.0.1', port: 2375 });
  t.throws(() => parseHost('ssh://me@host'), { code: 'engine-host', status: 78, hint: /ssh -L/ });
  t.throws(() => parseHost('nonsense'), { code: 'engine-host', status: 78 });
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
