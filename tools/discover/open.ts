import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { discover } from '@ccci/lib/plan/discover.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { isByHand } from '@ccci/lib/records/fill.ts';
import type { Plan } from '@ccci/lib/records/plan.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { DiscoverRecordsOptions } from './discover.ts';
import { type Input, readInput } from './input.ts';

export type OpenDiscover = {
  readonly incoming: AsyncIterable<Input>;
  readonly options: DiscoverRecordsOptions;
};

/** How long input may last after the first signal, in ms (records.md, rule 5). */
const lastWordsMs = 30_000;

/** Everything that discover needs: configuration, its input, and a scratch folder per trigger. */
export async function openDiscover(io: ProgramIo): Promise<OpenDiscover> {
  const bytes = io.input();
  const config = await loadConfig({ section: 'discover', ...io });
  const stamping = { by: io.by, now: () => new Date() };
  const forgeUrls = Object.values(config.forges).map(({ url }) => url);
  const ending = endOf(io);
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

/** Aborted when nobody listens any more, or a while after the first signal; work in progress ends with it. */
function endOf({ output, stopping }: ProgramIo): AbortSignal {
  const ending = new AbortController();
  const end = () =>
    ending.abort(new Failure(exitStatus.leftOver, 'ended', 'not planned: the program was ended'));
  if (output.closed.aborted) end();
  output.closed.addEventListener('abort', end, { once: true });
  stopping.addEventListener('abort', () => setTimeout(end, lastWordsMs).unref(), { once: true });
  return ending.signal;
}
