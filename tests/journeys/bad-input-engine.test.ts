import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t, { type Test } from 'tap';
import { startBox } from '../support/engine/box.ts';
import { enterBox } from '../support/engine/enter.ts';
import { byHand, checkOut, enqueue, fromForge, makeHome, startStage } from '../tools/stage/home.ts';
import { pathWithout } from '../tools/stage/path-without.ts';

await enterBox(import.meta.url);

const home = makeHome(t.testdir());
const good = await checkOut(home, 'good');
const queued = await enqueue(home, [fromForge(201, { recipe: 'good', repo: good.dir, ref: good.commit })]);
const file = (await listQueue(home.state, 'new'))[0];

/** A queued trigger, one by hand, and a record of somebody else's, on a machine where nothing can be deployed. */
async function unusable(t: Test, env: Record<string, string>, message: RegExp, hint: RegExp) {
  const input = [...queued, { type: 'weather', is: 'fine' }, byHand(good)];
  const { exit, records, stderr } = await startStage(home, input, { env }).ended;
  t.equal(exit, 69, `a needed service is not there: ${stderr}`);
  const errors = records.filter((record) => record.type === 'error');
  t.equal(errors.length, 2, 'each trigger is answered');
  for (const error of errors) t.match(error, { message, hint });
  const keys = errors.map(({ key }) => String(key).replace(/^hand-.*/, 'hand'));
  t.same(keys.sort(), ['gitea-201', 'hand']);
  t.match(stderr, message);
  t.match(stderr, hint);
  t.ok(
    records.some((record) => record.type === 'weather'),
    'records pass on',
  );
  t.notOk(records.some((record) => record.type === 'run.started'));
  t.same(await listQueue(home.state, 'new'), [file], 'the queued trigger stays where it is');
}

t.test('no engine', (t) =>
  unusable(t, { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, /no Docker engine at/, /Start Docker/),
);

t.test('an engine that is no swarm', async (t) => {
  const box = await startBox({ swarm: false });
  t.teardown(box.stop);
  await unusable(t, { DOCKER_HOST: box.dockerHost }, /not part of a Swarm/, /docker swarm init/);
});

t.test('a client that is too old (a fake: no such client is on this machine)', async (t) => {
  const folder = join(home.dir, 'old-client');
  mkdirSync(folder);
  const fake = join(folder, 'docker');
  writeFileSync(fake, '#!/bin/sh\necho "Docker version 20.10.24+dfsg1, build 297e128"\n');
  chmodSync(fake, 0o755);
  await unusable(
    t,
    { PATH: `${folder}:${home.env.PATH}` },
    /version 20\.10\.24.*expected 23 or newer/,
    /Install/,
  );
});

t.test('no client', (t) =>
  unusable(
    t,
    { PATH: pathWithout(home.dir, home.env.PATH ?? '', ['docker']) },
    /no usable `docker` command/,
    /Install docker-ce-cli/,
  ),
);
