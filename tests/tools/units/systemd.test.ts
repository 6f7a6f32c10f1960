/** What ccci-units writes, installed by its script under a real systemd; the programs are stand-ins that only stay. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { startSystemd } from '../../support/systemd/lab.ts';
import { runProgramHere } from './run.ts';

t.setTimeout(600_000);
// Not below /tmp: each unit has a /tmp of its own, and no home.
const dir = mkdtempSync('/var/lib/ccci-test-');
chmodSync(dir, 0o755);
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const bin = join(dir, 'bin');
mkdirSync(bin);
for (const name of ['poll', 'dedupe', 'hook', 'stage', 'report', 'sweep', 'janitor'])
  writeFileSync(join(bin, `ccci-${name}`), '#!/bin/sh\nexec sleep infinity\n', { mode: 0o755 });
mkdirSync(join(dir, 'lab'));
const lab = await startSystemd(join(dir, 'lab'), [{ from: dir, to: dir }]);
t.teardown(lab.stop);
for (const name of ['read', 'write', 'hook']) {
  mkdirSync(lab.path('/etc/ccci/secrets'), { recursive: true });
  writeFileSync(lab.path(`/etc/ccci/secrets/${name}`), name, { mode: 0o400 });
}

const forge = {
  url: 'https://git.example.org',
  organisations: ['recipes'],
  tokenFile: '/etc/ccci/secrets/read',
  reportTokenFile: '/etc/ccci/secrets/write',
};
const before = {
  forges: { git: { ...forge, hookSecretFile: '/etc/ccci/secrets/hook' } },
  stage: { dockerHost: 'tcp://10.0.0.2:2376' },
};
const after = { ...before, forges: { git: forge }, poll: { intervalMs: 7_000 } };

/** Writes a tree and runs its script, as a root whose files are nobody else's. */
async function install(name: string, config: object, flags: readonly string[] = []): Promise<string> {
  const [file, output] = [join(dir, `${name}.json`), join(dir, name)];
  writeFileSync(file, JSON.stringify(config));
  const { exit, err } = await runProgramHere(['--config', file, '--output', output, '--bin', bin, ...flags]);
  t.equal(exit, 0, err);
  return lab.call(['sh', '-c', `umask 077; sh ${output}/install.sh`]);
}

const show = (unit: string, property: string) =>
  lab.call(['systemctl', 'show', '--value', '-p', property, unit]);
const mainPids = async () =>
  Object.fromEntries(
    await Promise.all(
      ['poll', 'report', 'stage'].map(async (name) => [name, await show(`ccci-${name}`, 'MainPID')]),
    ),
  ) as Record<string, string>;

t.test('everything is up, and the stage waits for work', async (t) => {
  t.match(await install('first', before, ['--sweep', 'Sun 02:00']), /install\.sh: done$/);
  const units = ['ccci-poll.service', 'ccci-hook.service', 'ccci-report.service', 'ccci-stage.path'];
  for (const unit of [...units, 'ccci-sweep.timer', 'ccci-janitor.timer']) {
    t.equal(await show(unit, 'ActiveState'), 'active', unit);
    t.equal(await show(unit, 'UnitFileState'), 'enabled', unit);
  }
  t.equal(await show('ccci-stage.service', 'ActiveState'), 'inactive');
  t.equal(await lab.call(['stat', '-c', '%a %U %G', '/var/lib/ccci/queue/new']), '2770 root ccci');
  const read = ['cat', '/etc/ccci/units/ccci-poll.json', '/run/credentials/ccci-poll.service/tokenFile-git'];
  t.match(
    await lab.callAs('ccci-poll', read),
    { exit: 0, words: /"url".*read$/s },
    'whatever root’s umask is',
  );
});

t.test('a change restarts what it concerns, removes what is no more, and ends no run', async (t) => {
  await lab.call(['touch', '/var/lib/ccci/queue/new/work']);
  // The path unit has seen the file. With a pause: whoever asks without one keeps systemd from its jobs.
  const until = 'until systemctl is-active -q ccci-stage; do sleep 0.2; done';
  await lab.call(['timeout', '90', 'sh', '-c', until]).catch(async (error: Error) => {
    const shown = await lab.call(['sh', '-c', 'systemctl status -n 30 ccci-stage.path ccci-stage || true']);
    t.fail(`the stage did not start: ${shown}`);
    throw error;
  });
  const old = await mainPids();
  const said = await install('second', after);
  const now = await mainPids();
  t.not(now.poll, old.poll, 'poll has another interval');
  t.equal(now.report, old.report, 'report has what it had');
  t.equal(now.stage, old.stage, 'the run goes on');
  for (const name of ['ccci-hook.service', 'ccci-sweep.timer', 'ccci-sweep.service']) {
    t.match(said, `removed /etc/systemd/system/${name}`);
    t.match(await show(name, 'LoadState'), 'not-found', name);
  }
  t.equal(
    await lab.call(['find', '/etc/systemd/system', '-name', 'ccci-*', '-xtype', 'l']),
    '',
    'no dead link',
  );
  t.notMatch(await lab.call(['ls', '/etc/ccci/units']), /hook|sweep/);
});

t.test('the same again changes nothing', async (t) => {
  const old = await mainPids();
  t.equal(await install('third', after), 'install.sh: done');
  t.same(await mainPids(), old);
});
