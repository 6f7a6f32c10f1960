import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Tick } from '@ccci/lib/records/tick.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { readCursors } from '@ccci/lib/state/cursors.ts';
import { readEnrolled } from '@ccci/lib/state/enrolled.ts';
import { handIn } from '@ccci/lib/state/inbox.ts';
import { prepareState, readOwner } from '@ccci/lib/state/layout.ts';
import type { Locks } from '@ccci/lib/state/lock.ts';
import { keyOf } from '@ccci/lib/state/names.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import { takeOver } from '@ccci/lib/state/take-over.ts';
import { readTicks } from '@ccci/lib/state/ticks.ts';
import { dedupe, type ReadInput } from '../../../tools/dedupe/dedupe.ts';
import { withInbox } from '../../../tools/dedupe/inbox.ts';
import { readRecords } from '../../../tools/dedupe/input.ts';
import { now, stamping } from '../../lib/state/scene.ts';
import type { SimulatedDisk } from '../../support/disk/disk.ts';
import { simulatedLocks } from '../../support/disk/locks.ts';
import type { Scene } from '../../support/disk/sweep.ts';
import {
  type Comment,
  instantOf,
  keyOfComment,
  organisation,
  poll,
  recordOf,
  redelivery,
} from './comments.ts';
import { home, lookAtQueue, state } from './queue-state.ts';
import { finishedOf, runs, thin, writeResults } from './run.ts';

const fill = { now, random: () => '0000', cwd: home };

/** What the forge, people and the other programs know of; nobody takes it from them when the power is cut. */
export type World = {
  lives: number;
  owner: string | null;
  /** Keys of triggers that dedupe has given out, in any life. */
  said: string[];
  /** Keys of drops that it has given out. */
  dropped: string[];
  /** Keys of triggers whose verdict is posted. */
  finished: string[];
  /** Keys of what the hook answered with 200. */
  promised: string[];
  /** From the ticks that it has given out. */
  cursor: string | null;
  /** True where cursors are not stored, because of a line that could not be read. */
  isHeld: boolean;
  isHealthSaid: boolean;
  enrolledAt: string | null;
  wrong: string[];
};

export type Story = {
  readonly name: string;
  readonly comments: readonly Comment[];
  /** What a hook hands in as soon as there is a state directory; poll does not see it. */
  readonly handedIn?: Comment;
  readonly rounds: readonly string[];
  /** Keys of triggers that are run, answered and thinned as soon as dedupe gives them out. */
  readonly quick: readonly string[];
  /** Whether all that lies in `done` is answered, and thinned, as soon as dedupe says anything. */
  readonly isThinned: boolean;
  readonly hasHealth: boolean;
  readonly isBad: boolean;
  readonly begin?: (disk: SimulatedDisk) => Promise<void>;
};

/** dedupe between poll and stage. */
export function dedupeScene(story: Story): Scene<World> {
  return {
    name: story.name,
    home,
    isKilled: true,
    ...(story.begin === undefined ? {} : { begin: story.begin }),
    world: () => ({
      lives: 0,
      owner: null,
      said: [],
      dropped: [],
      finished: [],
      promised: [],
      cursor: null,
      isHeld: story.isBad,
      isHealthSaid: false,
      enrolledAt: null,
      wrong: [],
    }),
    live: (disk, world) => live(disk, world, story),
    judge: async (disk, world) => {
      await live(disk, world, story);
      const lost = await lookAtQueue(disk, world, known(story, world));
      await filter(disk, world, {
        input: redelivery(known(story, world)),
        quick: [],
        isThinned: false,
      });
      const doubled = await lookAtQueue(disk, world, known(story, world));
      return [...new Set([...world.wrong, ...lost, ...doubled])];
    },
  };
}

async function live(disk: SimulatedDisk, world: World, story: Story): Promise<void> {
  const { quick, handedIn, isThinned } = story;
  await prepareState(state, disk);
  await takeOver(state, { disk, locks: simulatedLocks(disk) });
  const startedAt = instantOf(world.lives * 3600);
  world.lives += 1;
  await lookAtStart(disk, world);
  const since = (await readCursors(state, disk))[organisation]?.since;
  const enrolledAt = (await readEnrolled(state, disk))[organisation] ?? startedAt;
  if (handedIn !== undefined && world.lives === 1) {
    await handIn(state, recordOf(handedIn, enrolledAt), disk);
    world.promised.push(keyOfComment(handedIn));
  }
  await filter(disk, world, { input: poll({ ...story, since, enrolledAt }), quick, isThinned });
}

/** The comments that have to be there: all that poll sees, and what the hook has taken. */
function known({ comments, handedIn }: Story, { promised }: World): readonly Comment[] {
  const isPromised = handedIn !== undefined && promised.includes(keyOfComment(handedIn));
  return isPromised ? [...comments, handedIn] : comments;
}

/** What was said before the cut is there after it. */
async function lookAtStart(disk: SimulatedDisk, world: World): Promise<void> {
  const owner = await readOwner(state, disk);
  world.owner ??= owner;
  const cursor = (await readCursors(state, disk))[organisation]?.since;
  const enrolledAt = (await readEnrolled(state, disk))[organisation];
  const isHealthy = (await readTicks(state, disk))[organisation] !== undefined;
  if (world.isHealthSaid && !isHealthy) world.wrong.push('the health of the source is lost');
  if (owner !== world.owner) world.wrong.push('the owner is another');
  if (cursor !== undefined && enrolledAt === undefined) world.wrong.push('a cursor without an enrolment');
  if ((cursor ?? '') < (world.cursor ?? '')) world.wrong.push(`the cursor is back at ${cursor}`);
  if (world.enrolledAt !== null && enrolledAt !== world.enrolledAt)
    world.wrong.push(`the time of enrolment is ${enrolledAt}`);
}

type FilterOptions = Pick<Story, 'quick' | 'isThinned'> & { readonly input: AsyncIterable<Incoming> };

async function filter(
  disk: SimulatedDisk,
  world: World,
  { input, quick, isThinned }: FilterOptions,
): Promise<void> {
  const locks = simulatedLocks(disk);
  const open: ReadInput = (isSettled) => {
    const read = (bytes: AsyncIterable<Uint8Array>) => readRecords(bytes, { ...stamping, fill, isSettled });
    return withInbox(singles(input), { state, disk, read, watch: () => () => {} });
  };
  const options = {
    state,
    runs,
    isSpool: false,
    limits: { waitingPerPerson: 100, runsPerDay: 100 },
    stamping,
    log: { info: () => {}, warning: () => {}, error: () => {} },
    outcome: makeOutcome(),
    ending: new AbortController().signal,
    placeOf: async () => null,
    disk,
    locks,
  };
  for await (const records of dedupe(open, options)) {
    if (isThinned) await thinDone(disk, world);
    for (const record of records) {
      hear(record, world);
      if (record.reason === 'superseded') await thinDone(disk, world);
      if (record.type !== 'trigger' || !quick.includes(String(record.key))) continue;
      await runAndThin(disk, locks, world, String(record.spool));
    }
  }
}

async function* singles(input: AsyncIterable<Incoming>): AsyncGenerator<readonly Incoming[]> {
  for await (const incoming of input) yield [incoming];
}

/** The rest of the programs, as quick as can be: claimed, run, committed, answered and thinned. */
async function runAndThin(disk: SimulatedDisk, locks: Locks, world: World, file: string): Promise<void> {
  const finished = (run: string) => finishedOf(disk, run);
  const claimed = await claim(state, file, { stamping, disk, locks, finishedOf: finished });
  if (claimed !== null) {
    const record = await writeResults(disk, claimed);
    await claimed.commit(() => record);
  }
  world.finished.push(keyOf(file));
  await thin(disk, file);
}

async function thinDone(disk: SimulatedDisk, world: World): Promise<void> {
  for (const file of await listQueue(state, 'done', disk)) {
    world.finished.push(keyOf(file));
    await thin(disk, file);
  }
}

/** What stage, report and people make of what dedupe gives out. */
function hear(record: AnyRecord, world: World): void {
  const { said, dropped, finished, wrong } = world;
  if (record.type === 'tick') {
    const cursor = (record as Tick).cursors[organisation];
    world.cursor = world.isHeld ? null : (cursor?.since ?? null);
    world.isHealthSaid ||= record.sources !== undefined;
    world.enrolledAt ??= String(cursor?.enrolledAt);
  }
  const key = String(record.key);
  if (record.type === 'trigger') {
    if (finished.includes(key)) wrong.push(`${key} runs twice`);
    if (dropped.includes(key)) wrong.push(`${key} runs although it was dropped`);
    said.push(key);
  }
  if (record.type === 'drop' && record.reason !== 'duplicate') {
    if (record.reason === 'history' && said.includes(key)) wrong.push(`${key} became history`);
    if (dropped.includes(key)) wrong.push(`${key} is dropped again`);
    dropped.push(key);
  }
}
