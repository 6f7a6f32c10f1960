import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Figure, figure } from './figure.ts';
import { makeState, peer, program, scratch, writeTriggers } from './scene.ts';
import { median, timedWithoutStart } from './timed.ts';

const count = 2_000;
const rounds = 7;

/**
 * New triggers through `ccci-dedupe`, two durable files and a durable line for each, against a bare Node loop that
 * makes one durable file for each: write, fsync, rename, fsync of the folder. On the disk that `TMPDIR` names.
 */
export async function* accept(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    const input = join(dir, 'in.ndjson');
    await writeTriggers(input, count);
    const times = { ours: [] as number[], loop: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      const state = join(dir, `state-${round}`);
      await makeState(state, 0);
      times.ours.push(await timedWithoutStart(program('ccci-dedupe', '--state', state), input));
      const files = join(dir, `files-${round}`);
      await mkdir(files);
      times.loop.push(await timedWithoutStart(peer('write-loop.mjs', files), input));
    }
    const each = (all: readonly number[]) => median(all) / count;
    yield figure({
      bench: 'accept',
      ours: 1000 * each(times.ours),
      peer: 1000 * each(times.loop),
      unit: 'µs per trigger',
      against: 'write, fsync, rename, fsync',
      goal: 1.2,
    });
  }
}
