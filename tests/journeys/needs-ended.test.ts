import { readOwner } from '@ccci/lib/state/layout.ts';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft } from '@ccci/lib/swarm/left.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { byHand, checkOut, makeHome, startStage } from '../tools/stage/home.ts';
import { is } from '../tools/stage/start.ts';

await enterBox(import.meta.url);

t.test('L23 a run that is ended revokes what was provided, and takes what it needed down', async (t) => {
  const home = makeHome(t.testdir());
  await checkOut(home, 'idp');
  const app = await checkOut(home, 'needs-idp');
  const stage = startStage(home, [byHand(app)]);
  await stage.until(is('stage.started', 'install'), 'the app is being installed');
  stage.signal('SIGINT');
  const { records, stderr } = await stage.ended;
  const end = records.find(({ type }) => type === 'run.finished');
  t.match(end, { verdict: 'cancelled', flags: { clean_teardown: true, no_secret_leak: true } }, stderr);
  const said = records.filter(({ type }) => type === 'log').map(({ line }) => String(line));
  t.ok(said.some((line) => line.startsWith('revoked ')));
  t.ok(
    records.some(({ type, service }) => type === 'log' && service === 'idp_app'),
    'what the dependency logs is told under its name',
  );
  const owner = await readOwner(home.state);
  t.same(await listLeft(connectEngine(process.env.DOCKER_HOST), { owner }), []);
});
