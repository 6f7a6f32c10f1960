import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { maintainer, organisation, type SiteRecipe } from '../support/journey/site.ts';
import { type Figure, figure, limited } from './figure.ts';
import { type RunningHost, runningHost } from './host.ts';

const limitMib = 120;
/** Ticks of the poll before memory is looked at, a minute in all: programs collect what they left behind every 30 s. */
const ticks = 130;
const patienceMs = 300_000;
const services = ['ccci-poll', 'ccci-hook', 'ccci-report'];

/**
 * Memory of all programs that run on a server without work, by their units (the stage is not there), a minute after they
 * answered a comment: the sum of `Pss`, which counts what processes share once. The peer: as many Nodes that wait for a
 * timer and do nothing.
 */
export async function* idleMemory(): AsyncGenerator<Figure> {
  const settings = 'settings.poll.intervalMs = 500;';
  for await (const host of runningHost({ recipes: ['good'], settings })) {
    await idle(host);
    const ours = pidsOf(host).map(memoryOf);
    for (const { command, pssMib, privateMib } of ours)
      process.stderr.write(
        `idle-memory: ${command}: ${pssMib.toFixed(1)} MiB, ${privateMib.toFixed(1)} of it its own\n`,
      );
    const sumMib = sum(ours.map(({ pssMib }) => pssMib));
    const count = ours.filter(({ command }) => command.startsWith(host.node)).length;
    for (const service of services) await host.lab.call(['systemctl', 'stop', service]);
    const peerMib = await peerMemory(host.node, count);
    yield limited({ bench: 'idle memory', ours: sumMib, unit: 'MiB' }, limitMib);
    const against = `${count} times node -e 'setInterval(()=>{},1e9)'`;
    yield figure({ bench: 'idle memory', ours: sumMib, peer: peerMib, unit: 'MiB', against, goal: 2 });
  }
}

/** One comment that needs no stage, and then nothing for a while. */
async function idle({ site: { forge, recipes } }: RunningHost): Promise<void> {
  const searches = () => forge.requests.filter(({ path }) => path.includes('/repos/issues/search')).length;
  await forge.waitFor(() => searches() > 1, { timeoutMs: patienceMs, what: 'the first ticks' });
  const [{ name, pull }] = recipes as readonly [SiteRecipe];
  forge.comment(organisation, name, pull, maintainer, '!help');
  const isAnswered = () =>
    forge.requests.some(({ method, path }) => method === 'POST' && path.endsWith(`/issues/${pull}/comments`));
  await forge.waitFor(isAnswered, { timeoutMs: patienceMs, what: 'the answer' });
  const quiet = searches() + ticks;
  await forge.waitFor(() => searches() >= quiet, { timeoutMs: patienceMs, what: `${ticks} ticks` });
}

/** All processes of the units, by the kernel's own list. */
function pidsOf({ lab }: RunningHost): number[] {
  const groups = lab.path('/sys/fs/cgroup/system.slice');
  const units = readdirSync(groups).filter((name) => name.startsWith('ccci-') && name.endsWith('.service'));
  const inside = units.flatMap(
    (unit) => readFileSync(join(groups, unit, 'cgroup.procs'), 'utf8').match(/\d+/g) ?? [],
  );
  return inside.map(Number);
}

function memoryOf(pid: number) {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mib = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, 2).join(' ');
  return { command, pssMib: mib('Pss'), privateMib: mib('Private_Dirty') + mib('Private_Clean') };
}

async function peerMemory(node: string, count: number): Promise<number> {
  const script = "setInterval(()=>{},1e9);process.stdout.write('.')";
  const peers: ChildProcess[] = [];
  try {
    for (let index = 0; index < count; index += 1) {
      const peer = spawn(node, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
      peers.push(peer);
      await once(peer.stdout!, 'data');
    }
    return sum(peers.map(({ pid }) => memoryOf(pid!).pssMib));
  } finally {
    for (const peer of peers) peer.kill('SIGKILL');
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
