import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { discover } from '@ccci/lib/plan/discover.ts';
import { type Input, readInput } from '@ccci/lib/plan/read-input.ts';
import { endOfInput } from '@ccci/lib/program/ending.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { isByHand } from '@ccci/lib/records/fill.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { DiscoverRecordsOptions } from './discover.ts';

export type OpenDiscover = {
  readonly incoming: AsyncIterable<Input>;
  readonly options: DiscoverRecordsOptions;
};

/** Everything that discover needs: configuration, its input, and a scratch folder per trigger. */
export async function openDiscover(io: ProgramIo): Promise<OpenDiscover> {
  const bytes = io.input();
  const config = await loadConfig({ section: 'discover', ...io });
  const stamping = { by: io.by, now: () => new Date() };
  const forgeUrls = Object.values(config.forges).map(({ url }) => url);
  const ending = endOfInput(io);
  const random = () => randomBytes(2).toString('hex');
  const complete = { now: stamping.now, random, cwd: io.cwd, forgeUrls, signal: ending };
  const plan = (trigger: Trigger) =>
    inScratch(async (into) => {
      const found = await discover(trigger, {
        into,
        testsDir: resolve(io.cwd, config.testsDir),
        allowLocal: io.flags['allow-local'] === true || isByHand(trigger),
        forgeUrls,
        stamping,
        signal: ending,
      });
      return found.plan;
    });
  return {
    incoming: readInput(bytes, { stamping, complete, ending }),
    options: { plan, stamping, log: io.log, outcome: io.outcome },
  };
}

async function inScratch(work: (folder: string) => Promise<Plan>): Promise<Plan> {
  const folder = await mkdtemp(join(tmpdir(), 'ccci-discover-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
