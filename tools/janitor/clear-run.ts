import { join } from 'node:path';
import { runDomain, stackName } from '@ccci/lib/recipe/names.ts';
import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { readIdentity, readTraces, removeOfRun } from '@ccci/lib/runs/dead.ts';
import { readKeptAt, unmarkKept } from '@ccci/lib/runs/kept.ts';
import { killOfRun, listOfRun } from '@ccci/lib/runs/processes.ts';
import { listClosedSlots, openSlot } from '@ccci/lib/state/closed-slots.ts';
import { listUnfinishedRuns } from '@ccci/lib/state/unfinished-runs.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { listLeftOf } from '@ccci/lib/swarm/left.ts';
import { removeRun } from '@ccci/lib/swarm/remove.ts';
import type { JanitorOptions } from './janitor.ts';

/** The janitor comes again soon: what cannot be removed now need not be waited for. */
const removeLimitMs = 30_000;
/** What a killed client had asked the engine for just before may still be made; so long after its death. */
const echoMs = 30_000;
const quietMs = 700;
const dayMs = 86_400_000;

/** Removes everything of a dead run; its lock is held. A directory without results goes when it is old enough. */
export async function clearRun(run: string, options: JanitorOptions): Promise<JanitorRecord[]> {
  const { state, runs, isDry, say, engine, only, keptHours } = options;
  const isKept = (await readKeptAt(join(runs, run))) !== null;
  const why = isKept
    ? only === null
      ? `kept, and not used for ${keptHours} h`
      : 'asked for'
    : 'its run is dead';
  // First of all, so that a janitor that dies on the way leaves a dead run and not half a deployment that is kept.
  if (isKept && !isDry) await unmarkKept(join(runs, run));
  const stacks = await stacksOfRun(run, options);
  const of = { directory: join(runs, run), stacks };
  const killed = isDry ? await listOfRun(of) : await killOfRun(of);
  const done = killed.map(({ pid, words }) =>
    say({ did: 'removed', what: `process ${pid} (${words})`, why, run }),
  );
  const traces = await readTraces(runs, run);
  const engineSide = engine === null ? null : await clearEngine(engine, run, { stacks, why }, options);
  done.push(...(engineSide?.said ?? []));
  if (traces.hasWork) {
    if (!isDry) await removeOfRun(runs, run, 'work');
    done.push(say({ did: 'removed', what: `work of run ${run}`, why, run }));
  }
  if (engineSide === null || !engineSide.isClean) return done;
  if ((await listClosedSlots(state)).some((slot) => slot.run === run)) {
    if (!isDry) await openSlot(state, run);
    done.push(say({ did: 'opened', what: `slot of run ${run}`, why: 'nothing of it is left', run }));
  }
  if (await isForgotten(run, options)) {
    if (!isDry) await removeOfRun(runs, run, 'all');
    done.push(say({ did: 'removed', what: `directory of run ${run}`, why: 'it never had results', run }));
  }
  return done;
}

/** Named after its domain: as it said itself, and, where its log was lost, as it must have been. */
async function stacksOfRun(run: string, { runs, domain: base }: JanitorOptions): Promise<string[]> {
  const { recipe, domain } = await readIdentity(runs, run);
  const domains = [
    ...(domain === null ? [] : [domain]),
    ...(recipe === null ? [] : [runDomain({ recipe, run, base })]),
  ];
  return [...new Set(domains.map(stackName))];
}

async function clearEngine(
  engine: Engine,
  run: string,
  { stacks, why }: { readonly stacks: readonly string[]; readonly why: string },
  { owner, isDry, say, runs, now, wait }: JanitorOptions,
): Promise<{ readonly said: JanitorRecord[]; readonly isClean: boolean }> {
  const before = await listLeftOf(engine, { owner, run, stacks });
  const removed = (words: readonly string[]) => words.map((what) => say({ did: 'removed', what, why, run }));
  if (isDry) return { said: removed(before), isClean: true };
  const { touchedAt } = await readTraces(runs, run);
  const isFresh = touchedAt !== null && now().getTime() - touchedAt < echoMs;
  const remove = () => removeRun(engine, { stacks, run, owner, timeoutMs: removeLimitMs });
  let removal = await remove();
  if (removal.clean && (before.length > 0 || isFresh)) {
    await wait(quietMs);
    removal = await remove();
  }
  const gone = before.filter((what) => !removal.left.some((left) => left.startsWith(what)));
  const left = removal.left.map((words) => say({ did: 'left', ...splitReason(words), run }));
  return { said: [...removed(gone), ...left], isClean: removal.clean };
}

/** `volume blog_data (in use)` as what and why. */
function splitReason(words: string): { readonly what: string; readonly why: string } {
  const [, what, why] = /^(.*?) \((.*)\)$/s.exec(words) ?? [];
  return { what: what ?? words, why: why ?? 'it could not be removed' };
}

async function isForgotten(
  run: string,
  { state, runs, now, keepBrokenDays }: JanitorOptions,
): Promise<boolean> {
  const { hasResults, touchedAt } = await readTraces(runs, run);
  if (hasResults || touchedAt === null) return false;
  if (now().getTime() - touchedAt < keepBrokenDays * dayMs) return false;
  return !(await listUnfinishedRuns(state)).has(run);
}
