import { join } from 'node:path';
import { type Figure, figure } from './figure.ts';
import { makeState, peer, program, scratch, writeTriggers } from './scene.ts';
import { median, timedWithoutStart } from './timed.ts';

const count = 500_000;
/** The last 100 are new, as when poll reads again after a restart. */
const isNew = (id: number) => id > count - 100;
const rounds = 5;

/**
 * `ccci-dedupe` on triggers of which all but 100 are known, against `jq -c .` and against a bare Node loop that splits
 * and parses and writes nothing. Start-up, with the reading of the known keys, is not counted.
 */
export async function* dedupeKnown(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    const input = join(dir, 'in.ndjson');
    const state = join(dir, 'state');
    await writeTriggers(input, count);
    const times = { ours: [] as number[], jq: [] as number[], loop: [] as number[] };
    for (let round = 0; round < rounds; round += 1) {
      await makeState(state, count, isNew);
      times.ours.push(await timedWithoutStart(program('ccci-dedupe', '--state', state), input));
      times.loop.push(await timedWithoutStart(peer('split-and-parse.mjs'), input));
      times.jq.push(await timedWithoutStart(['jq', '-c', '.'], input));
    }
    const ours = median(times.ours);
    const common = { bench: 'dedupe-known', ours, unit: 'ms' };
    yield figure({ ...common, peer: median(times.jq), against: 'jq -c .', goal: 0.33 });
    yield figure({ ...common, peer: median(times.loop), against: 'split and parse', goal: 1.8 });
  }
}
