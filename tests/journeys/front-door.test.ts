/** A person who knows nothing of ccci, at a machine with a swarm, and at some that are not ready for it. */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectEngine } from '@ccci/lib/swarm/engine.ts';
import { listLeft } from '@ccci/lib/swarm/left.ts';
import { execa } from 'execa';
import t from 'tap';
import { startBox } from '../support/engine/box.ts';
import { enterBox } from '../support/engine/enter.ts';
import { startForge } from '../support/forge/forge.ts';
import { startShell } from '../support/journey/pipeline.ts';
import { compareShapes, readTranscripts } from '../support/transcript.ts';
import { checkOut, makeHome } from '../tools/stage/home.ts';

const box = await enterBox(import.meta.url);
const engine = connectEngine(box.dockerHost);
const top = join(import.meta.dirname, '..', '..');

const home = makeHome(t.testdir());
mkdirSync(join(home.dir, 'empty'));
for (const recipe of ['good', 'refuses-old-data']) await checkOut(home, recipe);
/** What its stack is called. */
const ctrlc = await checkOut(home, 'good', { as: 'ctrlc' });

/** Types a line; what is shown, standard error among it, and how it ended. */
async function type(line: string, env: Record<string, string> = {}) {
  const { exitCode, stdout } = await startShell({ ...home, env: { ...home.env, ...env } }, `${line} 2>&1`);
  return { exit: exitCode, shown: String(stdout) };
}

const left = async () => listLeft(engine, { owner: readFileSync(join(home.state, 'id'), 'utf8').trim() });

t.test('what the README and the manual show is what is shown', async (t) => {
  const files = ['README.md', 'tools/ccci/README.md'];
  const told = files.flatMap((file) => readTranscripts(join(top, file)).map((one) => ({ file, ...one })));
  const shown = new Map<string, string>();
  for (const [command, exit] of [
    ['ccci doctor', 0],
    ['ccci test empty', 65],
    ['ccci test good', 0],
    ['ccci test refuses-old-data', 1],
  ] as const) {
    const ended = await type(command);
    t.equal(ended.exit, exit, ended.shown);
    shown.set(command, ended.shown);
  }
  t.ok(files.every((file) => told.filter((one) => one.file === file).length >= 3));
  for (const { file, command, lines } of told) {
    const shapes = compareShapes(shown.get(command) ?? '', lines);
    t.same(shapes.shown, shapes.told, `$ ${command} (${file})`);
  }
  const [, why = 'false'] =
    /^ {2}why +(ccci explain \S+)$/m.exec(shown.get('ccci test refuses-old-data')!) ?? [];
  const explained = await type(why);
  t.match(explained, { exit: 0, shown: /✗ upgrade failed, caused by the recipe/ });
  t.match(explained.shown, /The same at home\n {2}ccci test \//);
  t.same(await left(), []);
});

t.test('Ctrl-C while it is being deployed: it is said, all is removed, status 130', async (t) => {
  const filters = { type: ['container'], event: ['start'] };
  const events = await engine.stream('GET', `/events?filters=${encodeURIComponent(JSON.stringify(filters))}`);
  const run = startShell(home, `exec ccci test ${ctrlc.dir} 2>&1`);
  for await (const chunk of events) if (/"ctrl-[0-9a-f]{6}_ccci_test_app/.test(String(chunk))) break;
  // To the whole group, as a terminal does.
  process.kill(-run.pid!, 'SIGINT');
  const { exitCode, stdout } = await run;
  const shown = String(stdout);
  t.equal(exitCode, 130, shown);
  t.match(shown, /^ccci test: stopping, and removing what was deployed; a second time ends at once$/m);
  t.match(shown, /^ {2}\? install +not run {2}ended before it was through$/m);
  t.match(shown, /^CANCELLED {2}.*SIGINT/m);
  t.match(shown, /^ {2}why +ccci explain hand-\S+$/m);
  t.same(await left(), [], 'nothing is left on the engine');
});

t.test('a repository by its address: cloned, and a part of it tested', async (t) => {
  const forge = await startForge({ root: home.dir, validate: true });
  t.teardown(forge.close);
  forge.addUser('ana');
  forge.addOrganisation('recipes', ['ana']);
  forge.addRepository('recipes', 'good', 'good.git');
  const config = join(home.dir, 'config.json');
  writeFileSync(config, JSON.stringify({ forges: { git: { url: forge.url } } }));
  const { exit, shown } = await type(
    `ccci test ${forge.url}/recipes/good.git --stages lint --config ${config}`,
  );
  t.equal(exit, 0, shown);
  t.match(shown, /^ {2}✓ lint /m);
  t.match(shown, /^GREEN {2}good passed what was asked for/m);
});

t.test('an engine that is no swarm: said with its cure, by doctor and by test', async (t) => {
  const single = await startBox({ swarm: false });
  t.teardown(single.stop);
  const env = { DOCKER_HOST: single.dockerHost };
  const line = (command: string) => `DOCKER_HOST=${env.DOCKER_HOST} ${command}`;
  const doctor = await type(line('ccci doctor'));
  t.match(doctor, {
    exit: 69,
    shown: /^✓ ok {7}docker engine {2}answers\n✗ missing {2}swarm .*\n.*\n +cure: docker swarm init$/m,
  });
  const test = await type(line('ccci test good'));
  t.match(test, { exit: 69, shown: /is not part of a Swarm \(Run `docker swarm init` once\.\)/ });
  t.match(test.shown, /ccci doctor\n?$/, 'the last line says who knows more');
});

t.test('an ordinary user who may not open the socket: said, and what gives the right', async (t) => {
  const open = mkdtempSync(join(tmpdir(), 'ccci-user-'));
  t.teardown(() => rmSync(open, { recursive: true, force: true }));
  copyFileSync(join(top, 'dist', 'bin', 'ccci'), join(open, 'ccci.cjs'));
  await execa('chown', ['-R', '65534:65534', open]);
  // Node itself may lie where that user cannot go; so it is started first.
  const become = 'process.setgroups([]); process.setgid(65534); process.setuid(65534);';
  const script = `${become} await import(${JSON.stringify(join(open, 'ccci.cjs'))})`;
  const { exitCode, stdout } = await execa(
    process.execPath,
    ['--input-type=module', '--eval', script, 'ccci', 'doctor'],
    {
      cwd: open,
      reject: false,
      env: { HOME: open, CCCI_STATE: join(open, 'state'), DOCKER_HOST: box.dockerHost },
    },
  );
  t.equal(exitCode, 69, stdout);
  t.match(
    stdout,
    /^✗ missing {2}docker engine {2}this user may not open unix:.*\(EACCES\)\n.*\n +cure: .*be a user who may open it$/m,
  );
});
