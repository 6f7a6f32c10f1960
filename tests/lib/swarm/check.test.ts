import { chmodSync } from 'node:fs';
import { checkClient, checkEngine } from '@ccci/lib/swarm/check.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { knownInfo, thisNode } from '@ccci/lib/swarm/info.ts';
import t from 'tap';
import { answering, manager, serve } from './answers.ts';

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
  t.equal(await checkEngine(await answering(t, manager)), '20.10');
});

t.test(
  'what was learnt of an engine in the check is not asked again: /info starts processes there',
  async (t) => {
    const asked: string[] = [];
    const engine = await serve(t, (path) => {
      asked.push(path);
      return [200, path.endsWith('/version') ? { Version: '20.10', ApiVersion: '1.41' } : manager];
    });
    await checkEngine(engine);
    t.equal(await thisNode(engine), 'n1');
    t.match(await knownInfo(engine), manager);
    t.same(asked.sort(), ['/v1.41/info', '/v1.41/version']);
    await checkEngine(engine);
    t.equal(asked.length, 4, 'a check asks anew');
  },
);

t.test('an engine that is no member of a swarm yet is asked again', async (t) => {
  const answers = [{ Swarm: { NodeID: '' } }, manager];
  const engine = await serve(t, () => [200, answers.shift() ?? {}]);
  t.equal(await thisNode(engine), '');
  t.equal(await thisNode(engine), 'n1');
  t.equal(await thisNode(engine), 'n1');
});

t.test('the docker command', async (t) => {
  const fake = (version: string) => ({
    PATH: `${t.testdir({ docker: `#!/bin/sh\necho Docker version ${version}, build x\n` })}:/usr/bin:/bin`,
  });
  await t.rejects(checkClient({ PATH: t.testdir({}) }), { code: 'client-missing', status: 69 });
  const old = fake('20.10.24+dfsg1');
  chmodSync(`${old.PATH.split(':')[0]}/docker`, 0o755);
  await t.rejects(checkClient(old), { code: 'client-too-old', message: /20\.10\.24\+dfsg1/ });
  const fine = fake('28.2.2');
  chmodSync(`${fine.PATH.split(':')[0]}/docker`, 0o755);
  t.equal(await checkClient(fine), '28.2.2');
});
