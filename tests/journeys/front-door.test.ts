import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft } from '@ccci/lib/swarm/left.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { startShell } from '../support/journey/pipeline.ts';
import { checkOut, makeHome } from '../tools/stage/home.ts';

const box = await enterBox(import.meta.url);

/** The shape of a line of the transcript in `tools/ccci/README.md`: times, ids and versions apart. */
const passed = (stage: string) => new RegExp(`^ {2}✓ ${stage} +\\d.* (s|min)`, 'm');

t.test('a person who knows nothing of ccci', async (t) => {
  const home = makeHome(t.testdir());
  mkdirSync(join(home.dir, 'empty'));
  await checkOut(home, 'good');
  await checkOut(home, 'refuses-old-data');
  const type = async (line: string) => {
    const { exitCode, stdout, stderr } = await startShell(home, line);
    return { exit: exitCode, out: String(stdout), err: String(stderr) };
  };

  const doctor = await type('ccci doctor');
  t.match(doctor.out, /^✓ ok {7}docker engine {2}\d+\./m);
  t.match(doctor.out, /^✓ ok {7}swarm {10}active, a manager$/m);
  t.notMatch(doctor.out, /✗/, 'nothing keeps a run from beginning');

  const empty = await type('ccci test empty');
  t.match(empty, { exit: 65, out: '', err: /empty is empty \(a recipe is a git repository/ });

  const good = await type('ccci test good');
  t.equal(good.exit, 0, good.err);
  t.match(good.err, /^ccci test: testing good, as it is in this folder$/m);
  for (const stage of ['install', 'upgrade', 'backup', 'restore', 'custom tests'])
    t.match(good.out, passed(stage));
  t.match(good.out, /^GREEN {2}good passed\n {2}level 5 \(5 of 5 exercised\)$/m);
  for (const what of ['page', 'logs', 'recording']) t.match(good.out, new RegExp(`^ {2}${what} +/`, 'm'));

  const broken = await type('ccci test refuses-old-data');
  t.equal(broken.exit, 1, broken.err);
  t.match(broken.out, /^ {2}✗ upgrade .*upgrade did not land: Swarm paused the update of app/m);
  t.match(broken.out, /^RED {2}refuses-old-data did not pass: upgrade failed$/m);
  const [, why = 'false'] = /^ {2}why +(ccci explain \S+)$/m.exec(broken.out) ?? [];
  const explained = await type(why);
  t.match(explained, { exit: 0, out: /✗ upgrade failed, caused by the recipe/ });
  t.match(explained.out, /The same at home\n {2}ccci test \//);
  const owner = readFileSync(join(home.state, 'id'), 'utf8').trim();
  t.same(await listLeft(connectEngine(box.dockerHost), { owner }), []);
});
