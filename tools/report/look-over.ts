import { isForgeError, isPassing } from '@ccci/lib/forge/forge-error.ts';
import type { PullHit } from '@ccci/lib/forge/types.ts';
import { slug } from '@ccci/lib/records/keys.ts';
import { listAnswers } from '@ccci/lib/state/answers.ts';
import { readEnrolled } from '@ccci/lib/state/enrolled.ts';
import { readLookedOver, writeLookedOver } from '@ccci/lib/state/looked-over.ts';
import { closeLost, type LostOptions } from './close-lost.ts';
import type { Desk } from './desk.ts';
import { makeSlots } from './slots.ts';
import { threadOf } from './threads.ts';
import type { Turns } from './turns.ts';

/** What is enrolled and can be written to: an organisation, or a repository; `key` is that of its cursor. */
export type ReportSource = {
  readonly key: string;
  readonly forge: string;
  readonly owner: string;
  readonly name?: string | undefined;
};

export type LookOverOptions = Pick<Desk, 'state' | 'disk' | 'settings' | 'forge' | 'complain'> & {
  readonly sources: readonly ReportSource[];
  readonly now: () => Date;
  readonly turns: Turns;
  /** True for a pull request that this state knows of: its own reports see to it. */
  readonly isKnown: (thread: string) => boolean;
};

/**
 * Looks once over the open pull requests of each source that this state never answered on, and closes what a lost
 * state left there. A state that nothing was enrolled in yet, such as that of somebody who replays a recording, looks
 * at nothing. Gives the keys of sources at which something passing went wrong: they are to be tried again.
 */
export function makeLookOver(options: LookOverOptions): () => Promise<readonly string[]> {
  const through = new Set<string>();
  return async () => {
    const lookedOver = await readWhatIs(options);
    const owed: string[] = [];
    for (const source of options.sources) {
      const enrolledAt = lookedOver.enrolled[source.key];
      if (enrolledAt === undefined || lookedOver.done[source.key] !== undefined) continue;
      if (await lookOver(source, { enrolledAt, through }, options)) {
        lookedOver.done = { ...lookedOver.done, [source.key]: options.now().toISOString() };
        await writeLookedOver(options.state, lookedOver.done, options.disk);
      } else owed.push(source.key);
    }
    return owed;
  };
}

/** A state that has answered before anybody looked was never lost: all that is enrolled in it counts as looked over. */
async function readWhatIs({ state, disk, now }: LookOverOptions) {
  const enrolled = await readEnrolled(state, disk);
  const known = await readLookedOver(state, disk);
  if (known !== undefined || Object.keys(enrolled).length === 0) return { enrolled, done: known ?? {} };
  const hasAnswers = (await listAnswers(state, disk)).length > 0;
  const at = now().toISOString();
  const done = hasAnswers ? Object.fromEntries(Object.keys(enrolled).map((key) => [key, at])) : {};
  // Before the first answer: what is answered from now on is no sign of an older state.
  await writeLookedOver(state, done, disk);
  return { enrolled, done };
}

type Progress = { readonly enrolledAt: string; readonly through: Set<string> };

/** Pull requests at a time. */
const width = 4;

/** True when nothing is left to do. */
async function lookOver(
  source: ReportSource,
  progress: Progress,
  options: LookOverOptions,
): Promise<boolean> {
  const client = await options.forge(source.forge);
  const lost = { client, settings: options.settings, enrolledAt: progress.enrolledAt };
  const pulls: PullHit[] = [];
  const list = async () => void pulls.push(...(await client.searchOpenPulls(source)).items);
  if (!(await isDone(list, source, options))) return false;
  const limit = makeSlots(width);
  const closing = { lost, progress, options };
  const done = await Promise.all(
    pulls.map((pull) => limit(() => isDone(() => closeOne(pull, source, closing), source, options))),
  );
  return done.every((one) => one);
}

/** False when something went wrong that may go well another time. */
async function isDone(
  work: () => Promise<void>,
  { key }: ReportSource,
  { complain }: LookOverOptions,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!isForgeError(error)) throw error;
    const isForGood = !isPassing(error);
    await complain(slug(key), error, isForGood);
    return isForGood;
  }
}

type Closing = {
  readonly lost: LostOptions;
  readonly progress: Progress;
  readonly options: LookOverOptions;
};

async function closeOne(
  pull: PullHit,
  { forge }: ReportSource,
  { lost, progress: { through }, options: { turns, isKnown } }: Closing,
): Promise<void> {
  const thread = threadOf({ forge, ...pull });
  if (through.has(thread)) return;
  await turns(thread, async () => {
    if (!isKnown(thread)) await closeLost(pull, lost);
  });
  through.add(thread);
}
