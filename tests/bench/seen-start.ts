import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figure, figure, limited } from './figure.ts';
import { makeState, peer, program, scratch } from './scene.ts';
import { median, timed } from './timed.ts';

const rounds = 7;
const megabyte = 1e6;

/**
 * How long `ccci-dedupe` takes from its start until the first record is through, and how much memory it takes for that
 * at most: with 100,000 known keys, and with 1,000,000 against a bare Node loop that splits and parses the same file.
 */
export async function* seenStart(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    const state = join(dir, 'state');
    await makeState(state, 100_000);
    const few = await measure(state);
    yield limited({ bench: 'seen-start 100,000', ours: few.ours, unit: 'ms' }, 500);
    await makeState(state, 1_000_000);
    const { ours, loop, resident } = await measure(state);
    const bench = 'seen-start 1,000,000';
    yield figure({ bench, ours, peer: loop, unit: 'ms', against: 'split and parse', goal: 1.5 });
    yield limited({ bench: `${bench} resident`, ours: resident, unit: 'MB' }, 250);
  }
}

async function measure(state: string): Promise<{ ours: number; loop: number; resident: number }> {
  const started: Started[] = [];
  const loops: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    started.push(await start(state));
    loops.push(await timed(peer('split-and-parse.mjs'), join(state, 'seen.ndjson')));
  }
  return {
    ours: median(started.map(({ ms }) => ms)),
    loop: median(loops),
    resident: Math.max(...started.map(({ residentBytes }) => residentBytes)) / megabyte,
  };
}

type Started = { readonly ms: number; readonly residentBytes: number };

async function start(state: string): Promise<Started> {
  const [command, ...args] = program('ccci-dedupe', '--state', state);
  const startedAt = performance.now();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: 60_000 });
  const ended = once(child, 'close');
  child.stdin.write('{"type":"x"}\n');
  await once(child.stdout, 'data');
  const ms = performance.now() - startedAt;
  const residentBytes = await highestResident(child.pid!);
  child.stdin.end();
  const [status] = await ended;
  if (status !== 0) throw new Error(`ccci-dedupe ended with ${status}`);
  return { ms, residentBytes };
}

/** The kernel's high-water mark. */
async function highestResident(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return 1024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]);
}
