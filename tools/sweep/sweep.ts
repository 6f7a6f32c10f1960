import type { SweptKind } from '@ccci/lib/config/schema.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import { stamp } from '@ccci/lib/records/encode.ts';
import { slug } from '@ccci/lib/records/keys.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import type { RunOutcomes } from '@ccci/lib/runs/outcomes.ts';
import { type Asker, type AskerOptions, makeAsker } from './asker.ts';
import { type EnrolledRepository, listEnrolled, placeOf } from './enrolled.ts';
import type { SweptForge } from './forges.ts';
import { chooseOnly } from './only.ts';
import { leaveOut, type Tally } from './tally.ts';
import { findThings, judgeRepository, type LeftOut, type Thing } from './things.ts';
import { makeSweepTrigger, type Sweeping } from './trigger.ts';
import { lastGreen } from './unchanged.ts';

export type SweepOptions = AskerOptions &
  Sweeping & {
    readonly forges: readonly SweptForge[];
    readonly of: SweptKind;
    /** Names of repositories; null for all. */
    readonly only: readonly string[] | null;
    /** What runs came to; null where also what is unchanged is to be tested. */
    readonly outcomes: RunOutcomes | null;
    readonly log: Log;
    readonly tally: Tally;
    /** Aborted when nothing more is to be done. */
    readonly signal: AbortSignal;
    /** How far it is, for who looks at it. */
    readonly progress: (done: number, of: number) => void;
  };

type Swept = EnrolledRepository & { readonly isShared: boolean };

/**
 * Writes a trigger for each thing that is to be tested, as soon as it is known: first all forges are asked what is
 * enrolled, then each repository for its commits. What cannot be had now is an `error` record, and the rest goes on;
 * `tally` says at the end that it is missing. Ends quietly when the signal aborts.
 */
export async function* sweep(options: SweepOptions): AsyncGenerator<AnyRecord> {
  const { forges, tally, signal } = options;
  const askers = new Map(forges.map((forge) => [forge, makeAsker(forge.client.name, options)]));
  try {
    const enrolled = yield* listAll(askers, options);
    const chosen = choose(enrolled, options);
    for (const [at, repository] of chosen.entries()) {
      signal.throwIfAborted();
      options.progress(at, chosen.length);
      yield* sweepOne(repository, askers.get(repository.forge)!, options);
    }
    for (const [forge, asker] of askers) yield* sayUnasked(forge, asker, options);
  } catch (error) {
    if (!signal.aborted) throw error;
    tally.isStopped = true;
  } finally {
    tally.calls = forges.reduce((sum, { client }) => sum + client.calls, 0);
  }
}

/** Each once, whatever names it is enrolled by; sorted by name, so that neither the order of the configuration nor that of a forge shows. */
async function* listAll(
  askers: ReadonlyMap<SweptForge, Asker>,
  options: SweepOptions,
): AsyncGenerator<AnyRecord, readonly Swept[]> {
  const found = new Map<string, EnrolledRepository>();
  for (const [forge, asker] of askers) {
    for (const repository of await listEnrolled(forge, asker, options.log)) {
      // One server may be configured under two names.
      const id = `${forge.client.url}#${repository.id}`;
      if (!found.has(id)) found.set(id, repository);
    }
    yield* sayTroubles(forge, asker, options);
  }
  const repositories = [...found.values()].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  const counts = new Map<string, number>();
  for (const { name } of repositories) counts.set(slug(name), (counts.get(slug(name)) ?? 0) + 1);
  return repositories.map((one) => ({ ...one, isShared: (counts.get(slug(one.name)) ?? 0) > 1 }));
}

function choose(enrolled: readonly Swept[], { only, tally, log }: SweepOptions): readonly Swept[] {
  const chosen = chooseOnly(enrolled, only);
  // What is missing may be called so.
  for (const problem of tally.troubles > 0 ? [] : chosen.unknown) log.error(problem);
  tally.unknown = chosen.unknown.length;
  tally.repositories = chosen.repositories.length;
  return chosen.repositories;
}

async function* sweepOne(repository: Swept, asker: Asker, options: SweepOptions): AsyncGenerator<AnyRecord> {
  const { of, tally } = options;
  const no = judgeRepository(repository, of);
  if (no !== null) return say(no, repository, options);
  const source = placeOf(repository);
  const found = await asker.ask(source, () => findThings(repository, of));
  if (found?.missing !== undefined) asker.note({ source, message: `${source} has ${found.missing}` });
  yield* sayTroubles(repository.forge, asker, options);
  for (const leftOut of found?.leftOut ?? []) say(leftOut, repository, options);
  for (const thing of found?.things ?? []) {
    const unchanged = judgeThing(thing, repository, options);
    if (unchanged !== null) {
      say(unchanged, repository, options);
      continue;
    }
    tally.triggers += 1;
    yield makeSweepTrigger(thing, repository, options);
  }
}

function judgeThing({ ref, pull, tag }: Thing, { name }: Swept, { outcomes }: SweepOptions): LeftOut | null {
  const green = outcomes === null ? null : lastGreen(outcomes, name, ref);
  if (green === null) return null;
  const which = pull === undefined ? tag : `#${pull.number}`;
  return {
    why: 'unchanged',
    ...(which === undefined ? {} : { name: which }),
    detail: `${ref.slice(0, 12)} is unchanged since it was green in run ${green.run_id}`,
  };
}

function say({ why, name = '', detail }: LeftOut, repository: Swept, { log, tally }: SweepOptions): void {
  leaveOut(tally, why);
  const separator = name === '' || name.startsWith('#') ? '' : ' ';
  log.info(`${placeOf(repository)}${separator}${name} is left out: ${detail}`);
}

function* sayTroubles(
  { client }: SweptForge,
  asker: Asker,
  { log, tally, stamping }: SweepOptions,
): Generator<AnyRecord> {
  for (const { source, message, hint } of asker.take()) {
    log.error(message, hint);
    tally.troubles += 1;
    const said = { message, ...(hint === undefined ? {} : { hint }) };
    yield stamp({ type: 'error' as const, ...said, forge: client.name, source }, stamping);
  }
}

function* sayUnasked(forge: SweptForge, asker: Asker, options: SweepOptions): Generator<AnyRecord> {
  const { name } = forge.client;
  if (asker.unasked() > 0) {
    const message = `${asker.unasked()} more of forge ${name} were not asked for`;
    asker.note({ source: name, message, hint: 'start again when the forge is back' });
  }
  yield* sayTroubles(forge, asker, options);
}

function sortKey({ forge, owner, name }: EnrolledRepository): string {
  return [forge.client.name, owner.toLowerCase(), name.toLowerCase()].join('\n');
}
