import { join } from 'node:path';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { Tick } from '@ccci/lib/records/tick.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readCursors } from '@ccci/lib/state/cursors.ts';
import { readEnrolled } from '@ccci/lib/state/enrolled.ts';
import { prepareState, readOwner } from '@ccci/lib/state/layout.ts';
import { takeOver } from '@ccci/lib/state/take-over.ts';
import { dedupe } from '../../../tools/dedupe/dedupe.ts';
import { stamping } from '../../lib/state/scene.ts';
import type { SimulatedDisk } from '../../support/disk/disk.ts';
import type { Scene } from '../../support/disk/sweep.ts';
import { type Comment, instantOf, organisation, poll, redelivery } from './comments.ts';
import { finish, home, lookAtQueue, state, thin } from './queue-state.ts';

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
  /** From the ticks that it has given out. */
  cursor: string | null;
  enrolledAt: string | null;
  wrong: string[];
};

export type Story = {
  readonly name: string;
  readonly comments: readonly Comment[];
  readonly rounds: readonly string[];
  /** Keys of triggers that are run, answered and thinned as soon as dedupe gives them out. */
  readonly quick: readonly string[];
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
      cursor: null,
      enrolledAt: null,
      wrong: [],
    }),
    live: (disk, world) => live(disk, world, story),
    judge: async (disk, world) => {
      await live(disk, world, story);
      const lost = await lookAtQueue(disk, world, story.comments);
      await filter(disk, world, { input: redelivery(story.comments, world.enrolledAt ?? ''), quick: [] });
      const doubled = await lookAtQueue(disk, world, story.comments);
      return [...new Set([...world.wrong, ...lost, ...doubled])];
    },
  };
}

async function live(disk: SimulatedDisk, world: World, { comments, rounds, quick }: Story): Promise<void> {
  await prepareState(state, disk);
  await takeOver(state, disk);
  const startedAt = instantOf(world.lives * 3600);
  world.lives += 1;
  await lookAtStart(disk, world);
  const since = (await readCursors(state, disk))[organisation]?.since;
  const enrolledAt = (await readEnrolled(state, disk))[organisation] ?? startedAt;
  await filter(disk, world, { input: poll({ since, enrolledAt, rounds, comments }), quick });
}

/** What was said before the cut is there after it. */
async function lookAtStart(disk: SimulatedDisk, world: World): Promise<void> {
  const owner = await readOwner(state, disk);
  world.owner ??= owner;
  const cursor = (await readCursors(state, disk))[organisation]?.since;
  const enrolledAt = (await readEnrolled(state, disk))[organisation];
  if (owner !== world.owner) world.wrong.push('the owner is another');
  if (cursor !== undefined && enrolledAt === undefined) world.wrong.push('a cursor without an enrolment');
  if ((cursor ?? '') < (world.cursor ?? '')) world.wrong.push(`the cursor is back at ${cursor}`);
  if (world.enrolledAt !== null && enrolledAt !== world.enrolledAt)
    world.wrong.push(`the time of enrolment is ${enrolledAt}`);
}

type FilterOptions = { readonly input: AsyncIterable<Incoming>; readonly quick: readonly string[] };

async function filter(disk: SimulatedDisk, world: World, { input, quick }: FilterOptions): Promise<void> {
  const silent = { info: () => {}, warning: () => {}, error: () => {} };
  const ending = new AbortController().signal;
  const runs = join(state, 'runs');
  const options = { state, runs, stamping, log: silent, outcome: makeOutcome(), ending, disk };
  for await (const record of dedupe(input, options)) {
    hear(record, world);
    if (record.type !== 'trigger' || !quick.includes(String(record.key))) continue;
    await finish(disk, String(record.spool));
    world.finished.push(String(record.key));
    await thin(disk, String(record.spool));
  }
}

/** What stage, report and people make of what dedupe gives out. */
function hear(record: AnyRecord, world: World): void {
  const key = String(record.key);
  if (record.type === 'tick') {
    const cursor = (record as Tick).cursors[organisation];
    world.cursor = cursor?.since ?? null;
    world.enrolledAt ??= String(cursor?.enrolledAt);
  }
  if (record.type === 'trigger') {
    if (world.finished.includes(key)) world.wrong.push(`${key} runs twice`);
    world.said.push(key);
  }
  if (record.type === 'drop' && record.reason !== 'duplicate') {
    if ([...world.dropped, ...world.said].includes(key)) world.wrong.push(`${key} is dropped again`);
    world.dropped.push(key);
  }
}
