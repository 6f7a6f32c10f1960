/** What becomes of units when they are struck while comments arrive. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Test } from 'tap';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import type { Lab } from '../support/systemd/lab.ts';
import type { Scene } from './scene.ts';

const run = promisify(execFile);
const longMs = 300_000;

export type Struck = Pick<Scene, 'site' | 'lab' | 'waitFor'> & {
  /** Asks for a run of a few seconds. */
  readonly comment: () => number;
  /** Whether it is stopped for a while besides. */
  readonly isFull: boolean;
};

const kill = (lab: Lab, unit: string) =>
  lab.call(['systemctl', 'kill', '--kill-whom=all', '--signal=KILL', unit]).catch(() => '');

/** Stopped, killed, restarted, with a comment in each of these states. */
export async function strikeUnit(unit: string, { lab, comment, isFull }: Struck): Promise<void> {
  if (isFull) {
    comment();
    await lab.call(['systemctl', 'stop', unit]);
    comment();
    // The stage is started by its work.
    if (unit !== 'ccci-stage') await lab.call(['systemctl', 'start', unit]);
  }
  comment();
  await kill(lab, unit);
  comment();
  await lab.call(['systemctl', 'restart', unit]);
}

/** The same, when it has begun to deploy. */
export async function strikeStage(scene: Struck): Promise<void> {
  const made = heed('create');
  scene.comment();
  await made;
  await strikeUnit('ccci-stage', scene);
}

/** Killed while it asks for pull requests, then started twice: each of them is handed in once. */
export async function strikeSweep({ site: { forge }, lab, comment, waitFor }: Struck): Promise<void> {
  const held = forge.misbehave({ match: { path: /\/repos\/[^/]+\/no-tests\/pulls\?/ }, fault: 'hang' });
  await lab.call(['systemctl', 'start', '--no-block', 'ccci-sweep']);
  await waitFor(() => held.count() > 0, 'the sweep');
  comment();
  await kill(lab, 'ccci-sweep');
  held.stop();
  for (let times = 0; times < 2; times += 1) await lab.call(['systemctl', 'start', 'ccci-sweep']);
}

/** Killed when it has removed the first of a dead run's services; the next one leaves nothing behind. The stage stays dead. */
export async function strikeJanitor(t: Test, { lab, comment }: Struck): Promise<void> {
  const made = heed('create');
  comment();
  await made;
  // The stage is to stay dead, as on a machine that lost its power.
  await lab.call(['systemctl', 'stop', 'ccci-stage.path']);
  await kill(lab, 'ccci-stage');
  await lab.call(['systemctl', 'stop', 'ccci-stage']);
  const removed = heed('remove');
  await lab.call(['systemctl', 'start', '--no-block', 'ccci-janitor']);
  await removed;
  await kill(lab, 'ccci-janitor');
  await lab.call(['systemctl', 'start', 'ccci-janitor']);
  t.same(
    leftOnEngine(),
    { ...nothing, network: ['proxy'] },
    'a second janitor removes what a killed one left',
  );
  comment();
  await lab.call(['systemctl', 'start', 'ccci-stage.path']);
}

/** What makes the host ready: killed in the middle, started again, restarted, all beside a run. */
export async function strikeHost(t: Test, lab: Lab): Promise<void> {
  for (const unit of ['ccci-swarm', 'ccci-firewall']) {
    await lab.call(['systemctl', 'stop', unit]);
    await lab.call(['systemctl', 'start', '--no-block', unit]);
    await kill(lab, unit);
    await lab.call(['systemctl', 'restart', unit]);
    t.equal(await lab.call(['systemctl', 'is-active', unit]), 'active', unit);
  }
  const { stdout: rules } = await run('iptables', ['-S', 'INPUT']);
  t.equal(rules.match(/-i docker_gwbridge -j CCCI-HOST/g)?.length, 1, 'the rules stand, once');
}

/** They wait for their next time, and the janitor's has come before. */
export async function lookAtTimers(t: Test, { show }: Pick<Scene, 'show'>): Promise<void> {
  for (const unit of ['ccci-janitor.timer', 'ccci-sweep.timer'])
    t.equal(await show(unit, 'ActiveState'), 'active', unit);
  t.not(await show('ccci-janitor.timer', 'LastTriggerUSec'), 'n/a', 'time for the janitor has come');
  t.match(
    await show('ccci-sweep.timer', 'NextElapseUSecRealtime'),
    /^Sun .* 02:\d\d:\d\d/,
    'and will for the sweep',
  );
}

/** Heeds the engine from now on; resolves at the next service that is made or removed. */
async function heed(what: 'create' | 'remove'): Promise<void> {
  // What happens until the client is there is told, too.
  const since = ['--since', (Date.now() / 1000).toFixed(3)];
  const filters = ['--filter', 'type=service', '--filter', `event=${what}`];
  const events = spawn('docker', ['events', ...since, ...filters], { stdio: ['ignore', 'pipe', 'inherit'] });
  const out = events.stdout as NonNullable<ChildProcess['stdout']>;
  await once(out, 'data', { signal: AbortSignal.timeout(longMs) });
  events.kill('SIGKILL');
}
