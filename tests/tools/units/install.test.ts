/** The script that installs, on a machine whose /etc is a folder and whose systemd writes down what it is asked. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import t from 'tap';
import { explainInstall } from '../../../tools/units/install.ts';
import { installScript } from '../../../tools/units/install-script.ts';
import { writeTree } from '../../../tools/units/output.ts';

type Files = Readonly<Record<string, string>>;

const service = (text = 'x') => `[Service]\nExecStart=${text}\n\n[Install]\nWantedBy=multi-user.target\n`;
const plain: Files = {
  'ccci/units/ccci-poll.json': '{}',
  'systemd/system/ccci-poll.service': service(),
  'systemd/system/ccci-stage.service': '[Service]\nExecStart=x\n',
  'systemd/system/ccci-stage.path': '[Path]\n\n[Install]\nWantedBy=multi-user.target\n',
  'tmpfiles.d/ccci.conf': 'd /x\n',
};
const withHook: Files = {
  ...plain,
  'ccci/units/ccci-hook.json': '{}',
  'systemd/system/ccci-hook.service': service(),
  'systemd/system/ccci-sweep.timer': '[Timer]\n\n[Install]\nWantedBy=timers.target\n',
};

/** A machine: `install` makes a tree and installs it. */
function makeMachine(dir: string) {
  const [etc, bin, asked] = ['etc', 'bin', 'asked'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [etc, bin]) mkdirSync(folder);
  for (const name of ['systemctl', 'systemd-sysusers', 'systemd-tmpfiles']) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} "$@" >>${asked}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  writeFileSync(join(bin, 'id'), '#!/bin/sh\necho 0\n');
  chmodSync(join(bin, 'id'), 0o755);
  let count = 0;
  return {
    etc,
    write: (path: string, content: string) => {
      mkdirSync(dirname(join(etc, path)), { recursive: true });
      writeFileSync(join(etc, path), content);
    },
    read: (path: string) => readFileSync(join(etc, path), 'utf8'),
    names: () =>
      readdirSync(etc, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(etc.length + 1))
        .sort(),
    install: async (files: Files, { env = {} }: { readonly env?: NodeJS.ProcessEnv } = {}) => {
      count += 1;
      const tree = join(dir, `tree ${count}`);
      const names = [...Object.keys(files), 'ccci/units.list'].sort();
      const all = { ...files, 'ccci/units.list': `${names.join('\n')}\n` };
      await writeTree(tree, new Map(Object.entries(all).map(([path, text]) => [`etc/${path}`, text])));
      const script = join(tree, 'install.sh');
      writeFileSync(script, readFileSync(script, 'utf8').replace('\netc=/etc\n', `\netc=${etc}\n`));
      writeFileSync(asked, '');
      const { status, stdout, stderr } = spawnSync('sh', [script], {
        encoding: 'utf8',
        env: { PATH: `${bin}:${process.env.PATH}`, ...env },
      });
      return { status, stdout, stderr, asked: readFileSync(asked, 'utf8').split('\n').filter(Boolean) };
    },
  };
}

t.test('a first installation, and the same again', async (t) => {
  const machine = makeMachine(t.testdir({}));
  const expected = [
    'systemd-sysusers',
    `systemd-tmpfiles --create ${machine.etc}/tmpfiles.d/ccci.conf`,
    'systemctl daemon-reload',
    'systemctl enable --now ccci-poll.service ccci-stage.path',
  ];
  const first = await machine.install(plain);
  t.match(first, { status: 0, stdout: 'install.sh: done\n', stderr: '' });
  t.same(first.asked, expected);
  t.same(machine.names(), [...Object.keys(plain), 'ccci/units.list'].sort());
  const again = await machine.install(plain);
  t.match(again, { status: 0, stdout: 'install.sh: done\n', stderr: '' });
  t.same(again.asked, expected, 'nothing is restarted');
});

t.test('units that the configuration has no more are ended and removed', async (t) => {
  const machine = makeMachine(t.testdir({}));
  await machine.install(withHook);
  const { status, stdout, asked } = await machine.install(plain);
  t.equal(status, 0);
  t.same(asked.slice(0, 2), [
    'systemctl disable --now ccci-hook.service',
    'systemctl disable --now ccci-sweep.timer',
  ]);
  t.match(stdout, /removed \S+\/ccci-hook\.json, which this configuration has no more/);
  t.same(machine.names(), [...Object.keys(plain), 'ccci/units.list'].sort());
});

t.test('what changed is restarted, never the stage', async (t) => {
  const machine = makeMachine(t.testdir({}));
  await machine.install(withHook);
  const restarted = async (files: Files) =>
    (await machine.install(files)).asked.filter((line) => line.includes('try-reload-or-restart'));
  const byConfiguration = { ...withHook, 'ccci/units/ccci-poll.json': '{"word":"!go"}' };
  t.same(await restarted(byConfiguration), ['systemctl try-reload-or-restart ccci-poll.service']);
  const byUnit = { ...byConfiguration, 'systemd/system/ccci-hook.service': service('y') };
  t.same(await restarted(byUnit), ['systemctl try-reload-or-restart ccci-hook.service']);
  t.same(await restarted({ ...byUnit, 'systemd/system/ccci-stage.service': '[Service]\nExecStart=y\n' }), []);
  t.equal(machine.read('systemd/system/ccci-stage.service'), '[Service]\nExecStart=y\n');
});

t.test('what is somebody else’s is not overwritten, and nothing is done then', async (t) => {
  const machine = makeMachine(t.testdir({}));
  machine.write('systemd/system/ccci-poll.service', 'mine');
  const refused = await machine.install(plain);
  t.match(refused, {
    status: 1,
    asked: [],
    stderr: /error: \S+ccci-poll\.service is there, and was not put there/,
  });
  t.same(machine.names(), ['systemd/system/ccci-poll.service']);
  t.equal(machine.read('systemd/system/ccci-poll.service'), 'mine');
});

t.test('nor removed; a unit that only looks like one of ours is named', async (t) => {
  const machine = makeMachine(t.testdir({}));
  machine.write('systemd/system/ccci-backup.timer', 'mine');
  machine.write('passwd', 'root');
  await machine.install(withHook);
  // A list that somebody has written into.
  const list = `${machine.read('ccci/units.list')}passwd\nccci/units/../../passwd\nsystemd/system/../../passwd\n`;
  machine.write('ccci/units.list', list);
  const { status, stdout } = await machine.install(plain);
  t.equal(status, 0);
  t.match(stdout, /left alone, because it is not ours: \S+\/ccci-backup\.timer\n/);
  t.equal(machine.read('systemd/system/ccci-backup.timer'), 'mine');
  t.equal(machine.read('passwd'), 'root');
});

t.test('an installation that was killed goes on', async (t) => {
  const machine = makeMachine(t.testdir({}));
  await machine.install(withHook);
  // While files were copied: the list has old and new, one file is torn, one is not there yet.
  const added = { ...plain, 'systemd/system/ccci-report.service': service() };
  machine.write('ccci/units.list', `${machine.read('ccci/units.list')}systemd/system/ccci-report.service\n`);
  machine.write('systemd/system/ccci-report.service', '[Serv');
  const { status, stderr } = await machine.install(added);
  t.equal(status, 0, stderr);
  t.equal(machine.read('systemd/system/ccci-report.service'), service());
  t.same(machine.names(), [...Object.keys(added), 'ccci/units.list'].sort());
});

t.test('a tree that is not whole, and somebody who may not', async (t) => {
  const dir = t.testdir({ 'install.sh': installScript, bin: { id: '#!/bin/sh\necho 1000\n' } });
  const run = (env: NodeJS.ProcessEnv) =>
    spawnSync('sh', [join(dir, 'install.sh')], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  t.match(run({}), { status: 1, stdout: '', stderr: /etc is not whole: run ccci-units again/ });
  mkdirSync(join(dir, 'etc/ccci'), { recursive: true });
  writeFileSync(join(dir, 'etc/ccci/units.list'), '');
  chmodSync(join(dir, 'bin/id'), 0o755);
  const asOther = run({ PATH: `${join(dir, 'bin')}:${process.env.PATH}` });
  t.match(asOther, { status: 1, stdout: '', stderr: /only root can/ });
});

t.test('what is printed names the command as a shell reads it, and what no service can see', async (t) => {
  const files = ['etc/systemd/system/ccci-poll.service', 'etc/systemd/system/ccci-hook.service'];
  const said = (output: string, bin: string, scripts = '/usr/share/ccci') =>
    explainInstall({ output, files, bin, scripts });
  t.match(said('/root/host', '/usr/bin'), /\n {2}sh \/root\/host\/install\.sh\n/);
  t.match(said("/root/it's here", '/usr/bin'), "  sh '/root/it'\\''s here/install.sh'\n");
  t.match(said('/root/host', '/usr/bin'), /systemctl restart ccci-poll ccci-hook;/);
  t.notMatch(said('/root/host', '/usr/local/bin'), /CANNOT SEE/);
  for (const bin of ['/root/.nvm/bin', '/home/ana/ccci/bin', '/tmp/x'])
    t.match(said('/root/host', bin), `The units run the programs in ${bin}, WHICH THEY CANNOT SEE`);
  t.match(
    said('/root/host', '/opt/ccci/bin', '/home/ana/ccci/modules/host'),
    'and the scripts in /home/ana/ccci/modules/host, WHICH THEY CANNOT SEE',
    'programs elsewhere do not help a stage whose step before it is hidden',
  );
});
