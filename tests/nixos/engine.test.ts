/** The slice that the engine and all containers are in, as far as it can be tried without a host of its own. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { makeNix, onHost } from '../support/nix/lab.ts';
import { type EvaluatedUnits, unitText } from '../support/nix/unit-text.ts';
import { startSystemd } from '../support/systemd/lab.ts';
import { plainHost } from './hosts.ts';

t.setTimeout(600_000);
const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'ccci-engine-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const nix = makeNix(join(dir, 'nix'));

type Engine = {
  readonly slices: EvaluatedUnits['slices'];
  readonly docker: {
    readonly liveRestore: boolean;
    readonly daemon: { readonly settings: Readonly<Record<string, unknown>> };
  };
  readonly slice: string;
};

async function engineOf(more: string): Promise<Engine> {
  const parts = `inherit (r.units) slices; inherit (r.config.virtualisation) docker; slice = r.config.systemd.services.docker.serviceConfig.Slice;`;
  return (await nix.evaluate(`let r = ${onHost(plainHost(more))}; in { ${parts} }`)) as Engine;
}

t.test('systemd takes the slice, and a limit that is none is told', async (t) => {
  const { slices } = await engineOf('services.ccci.engine.memoryMax = "6G";');
  const text = unitText(slices['ccci-engine'] as NonNullable<(typeof slices)[string]>);
  t.match(text, /^MemoryMax=6G$/m);
  const file = join(dir, 'ccci-engine.slice');
  const verify = () => run('systemd-analyze', ['verify', '--man=no', '--recursive-errors=yes', file]);
  writeFileSync(file, text);
  t.equal((await verify()).stderr, '');
  writeFileSync(file, text.replace('6G', 'much'));
  const said = await verify().catch((error: { stderr: string }) => error);
  t.match(said.stderr, /Invalid memory limit/, 'so the check above is one');
});

t.test('the engine and its containers are in the slice, under a real systemd', async (t) => {
  const { docker, slices } = await engineOf('');
  const lab = await startSystemd(join(dir, 'lab'), []);
  t.teardown(lab.stop);
  const put = (path: string, text: string) => writeFileSync(lab.path(path), text);
  const client = (...args: readonly string[]) =>
    lab.call(['docker', '-H', 'unix:///run/engine/socket', ...args]);
  mkdirSync(lab.path('/run/engine'));
  put('/run/engine/daemon.json', JSON.stringify(docker.daemon.settings));
  const slice = unitText(slices['ccci-engine'] as NonNullable<(typeof slices)[string]>);
  put('/etc/systemd/system/ccci-engine.slice', slice);
  put('/etc/systemd/system/docker.service', engineUnit);
  await lab.call(['systemctl', 'daemon-reload']);
  await lab.call(['systemctl', 'start', 'docker.service']);
  const pack = 'mkdir /run/image && cp "$(command -v busybox)" /run/image && tar -C /run/image -c .';
  await lab.call(['sh', '-c', `${pack} | docker -H unix:///run/engine/socket import - lab.invalid/box:1`]);
  const id = await client('run', '-d', '--network', 'none', 'lab.invalid/box:1', '/busybox', 'sleep', '600');
  const groups = await lab.call(['find', '/sys/fs/cgroup', '-name', `docker-${id}.scope`]);
  t.equal(groups, `/sys/fs/cgroup/ccci.slice/ccci-engine.slice/docker-${id}.scope`);
  const group = await lab.call(['systemctl', 'show', '--value', '-p', 'ControlGroup', 'docker.service']);
  t.equal(group, '/ccci.slice/ccci-engine.slice/docker.service');
  const limit = await lab.call(['systemctl', 'show', '--value', '-p', 'MemoryMax', 'ccci-engine.slice']);
  t.ok(Math.abs(Number(limit) / totalmem() - 0.8) < 0.01, `80 % of the memory: ${limit} of ${totalmem()}`);
  // Whether the kernel holds it depends on where the controllers are; with cgroup v1 beside they are not here.
  const controllers = await lab.call(['cat', '/sys/fs/cgroup/cgroup.controllers']);
  if (!controllers.includes('memory')) {
    t.comment(
      'the kernel of this machine has its memory controller in cgroup v1: the limit is set, not tried',
    );
    return;
  }
  t.equal(await lab.call(['cat', '/sys/fs/cgroup/ccci.slice/ccci-engine.slice/memory.max']), limit);
});

/** As NixOS starts it, but for what the lab has not: bridges, and a disk of its own. */
const engineUnit = `[Service]
Type=notify
Slice=ccci-engine.slice
Delegate=yes
ExecStart=/usr/sbin/dockerd --config-file /run/engine/daemon.json --data-root /run/engine/data --exec-root /run/engine/exec \
  --pidfile /run/engine/pid -H unix:///run/engine/socket --iptables=false --bridge=none
`;

t.test('the engine is in the slice, and so is what it starts', async (t) => {
  const { docker, slice, slices } = await engineOf('');
  const parent = docker.daemon.settings['cgroup-parent'];
  t.equal(slice, parent);
  t.same(Object.keys(slices), [String(parent).replace('.slice', '')]);
  t.equal(slices['ccci-engine']?.sliceConfig?.MemoryMax, '80%');
  t.equal(docker.liveRestore, false, 'which a swarm refuses');
  // A slice is a parent for the driver of systemd alone.
  t.same(docker.daemon.settings['exec-opts'], ['native.cgroupdriver=systemd']);
});
