import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startWorld } from '../support/forge/fixture.ts';
import { type Figure, limited } from './figure.ts';

const program = join(import.meta.dirname, '..', '..', 'dist', 'bin', 'ccci-poll');
const pullsEach = 3;
/** Ticks that are looked at, after those in which the pull requests are read for the first time. */
const idleTicks = 5;
const timeoutMs = 120_000;

/**
 * What an idle tick asks of a forge, whatever there is on it: the built program polls an organisation of 1, 50 and 500
 * repositories with three open pull requests each. Counted by the forge, the largest of several ticks.
 */
export async function* polling(): AsyncGenerator<Figure> {
  for (const repositories of [1, 50, 500]) {
    const ours = await countCalls(repositories);
    const bench = `calls per idle tick, ${repositories} ${repositories === 1 ? 'repository' : 'repositories'}`;
    yield limited({ bench, ours, unit: 'calls' }, 1);
  }
}

async function countCalls(repositories: number): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'ccci-bench-'));
  // Half an hour ago: what is opened then is no news to a poll that begins now.
  const clock = { aheadMs: -1_800_000 };
  const world = await startWorld(dir, { validate: false, now: () => Date.now() + clock.aheadMs });
  try {
    fill(world.forge, repositories, dir);
    clock.aheadMs = 0;
    const config = await configure(dir, world);
    return await watch(config, world.forge);
  } finally {
    await world.forge.close();
    await rm(dir, { recursive: true, force: true });
  }
}

type Forge = Awaited<ReturnType<typeof startWorld>>['forge'];

/** All repositories share one on the disk. */
function fill(forge: Forge, repositories: number, dir: string): void {
  const pull = { head: 'feature', title: 'x', author: 'mia' };
  forge.openPulls('org', 'app', pull, pullsEach - 1);
  for (let nth = 1; nth < repositories; nth += 1) {
    forge.addRepository('org', `app${nth}`, join(dir, 'app.git'));
    forge.openPulls('org', `app${nth}`, pull, pullsEach);
  }
}

async function configure(dir: string, { forge, token }: { readonly forge: Forge; readonly token: string }) {
  const [tokenFile, config, state] = ['token', 'config.json', 'state'].map((name) => join(dir, name));
  await mkdir(state!);
  await writeFile(tokenFile!, `${token}\n`);
  const forges = { bench: { url: forge.url, tokenFile, organisations: ['org'] } };
  await writeFile(config!, JSON.stringify({ state, forges }));
  return config!;
}

/** The most requests that the forge saw between two ticks, once everything was read. */
async function watch(config: string, forge: Forge): Promise<number> {
  const args = ['--config', config, '--interval-ms', '500'];
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], timeout: timeoutMs });
  const counts: number[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const { type, calls } = JSON.parse(line) as { type: string; calls: number };
      if (type !== 'tick') throw new Error(`no idle tick: ${line}`);
      if (forge.requests.length !== calls)
        throw new Error(`the tick says ${calls} calls, the forge saw ${forge.requests.length}`);
      counts.push(calls);
      forge.clearRequests();
      if (counts.length === 1 + idleTicks) return Math.max(...counts.slice(1));
    }
    throw new Error(`ccci-poll ended after ${counts.length} ticks`);
  } finally {
    child.kill('SIGTERM');
  }
}
