import { previewExample } from '@ccci/lib/records/preview.ts';
import { type Cursors, type Tick, tickExample } from '@ccci/lib/records/tick.ts';
import { readAccepted, writeAccepted } from '@ccci/lib/state/accepted.ts';
import { readAnswer, writeAnswer } from '@ccci/lib/state/answers.ts';
import { closeSlot, listClosedSlots } from '@ccci/lib/state/closed-slots.ts';
import { readCursors, storeCursors } from '@ccci/lib/state/cursors.ts';
import { readEnrolled, storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import { type Disk, readJsonFile } from '@ccci/lib/state/files.ts';
import { readImagesUsed, writeImagesUsed } from '@ccci/lib/state/images-used.ts';
import { handIn, listInbox } from '@ccci/lib/state/inbox.ts';
import { prepareState, readOwner } from '@ccci/lib/state/layout.ts';
import { readLookedOver, writeLookedOver } from '@ccci/lib/state/looked-over.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { readPreview, writePreview } from '@ccci/lib/state/previews.ts';
import { readTicks, storeTicks } from '@ccci/lib/state/ticks.ts';
import { triggerOf } from '../../lib/state/scene.ts';
import type { Scene } from '../../support/disk/sweep.ts';
import { home, state } from './queue-state.ts';

/** What somebody was promised, because the function that writes it returned; and how to find it again. */
export type Promised = { owner: string | null; version: number; lives: number };

type Kept = {
  /** Written again and again, not once. */
  readonly isReplaced: boolean;
  readonly write: (disk: Disk, version: number) => Promise<unknown>;
  /** The version that is there, 0 for none; 1 for what is written once. */
  readonly read: (disk: Disk) => Promise<number>;
};

const name = 'gitea/recipes';

const files: Readonly<Record<string, Kept>> = {
  'a comment in in/ready': inbox(1),
  'an accepted record': {
    isReplaced: false,
    write: (disk) => writeAccepted(state, queueName(triggerOf(1)), triggerOf(1), disk),
    read: async (disk) => Number((await readAccepted(state, queueName(triggerOf(1)), disk)) !== undefined),
  },
  'an answer': {
    isReplaced: true,
    write: (disk, version) => writeAnswer(state, 'gitea-1', { key: 'gitea-1', final: false, version }, disk),
    read: async (disk) => Number((await readAnswer(state, 'gitea-1', disk))?.version ?? 0),
  },
  'the time of enrolment': {
    isReplaced: false,
    write: (disk, version) => storeEnrolled(state, cursorsOf(version), disk),
    read: async (disk) => Number((await readEnrolled(state, disk))[name] !== undefined),
  },
  'a cursor': {
    isReplaced: true,
    write: (disk, version) => storeCursors(state, cursorsOf(version), disk),
    read: async (disk) => Number((await readCursors(state, disk))[name]?.version ?? 0),
  },
  'what report has looked over': {
    isReplaced: true,
    write: (disk, version) => writeLookedOver(state, { [name]: new Date(version).toISOString() }, disk),
    read: async (disk) =>
      Date.parse((await readLookedOver(state, disk))?.[name] ?? new Date(0).toISOString()),
  },
  'a closed slot': {
    isReplaced: true,
    write: (disk, version) =>
      closeSlot(state, { run: 'gitea-1', at: '2026-11-24T10:00:00.000Z', left: `${version}` }, disk),
    read: async (disk) => Number((await listClosedSlots(state, disk))[0]?.left ?? 0),
  },
  'when images were used': {
    isReplaced: true,
    write: (disk, version) => writeImagesUsed(state, { web: { id: 'sha256:1', used: version } }, disk),
    read: async (disk) => (await readImagesUsed(state, disk)).web?.used ?? 0,
  },
  'what was found out of what waits': {
    isReplaced: true,
    write: (disk, version) => {
      const trigger = triggerOf(1);
      const preview = { ...previewExample, key: String(trigger.key), expectedMs: version };
      return writePreview(state, queueName(trigger), preview, disk);
    },
    read: async (disk) => (await readPreview(state, queueName(triggerOf(1)), disk))?.expectedMs ?? 0,
  },
  'the health of a source': {
    isReplaced: true,
    write: (disk, version) => storeTicks(state, tickOf(version), disk),
    read: async (disk) => (await readTicks(state, disk))[name]?.failures ?? 0,
  },
};

/** Each file alone, so that the syncs of no other help: what was promised stays, and is never damaged. */
export const filesScenes: readonly Scene<Promised>[] = Object.entries(files).map(
  ([what, { isReplaced, write, read }]) => ({
    name: what,
    home,
    isKilled: false,
    world: () => ({ owner: null, version: 0, lives: 0 }),
    live: async (disk, world) => {
      await prepareState(state, disk);
      world.owner ??= await readOwner(state, disk);
      world.lives += 1;
      for (const version of [2 * world.lives - 1, 2 * world.lives]) {
        await write(disk, version);
        world.version = isReplaced ? version : 1;
      }
    },
    judge: async (disk, world) => {
      await prepareState(state, disk);
      const isLost = (await read(disk)) < world.version;
      const isOther = world.owner !== null && (await readOwner(state, disk)) !== world.owner;
      return [...(isLost ? [`${what} is lost`] : []), ...(isOther ? ['the owner is another'] : [])];
    },
  }),
);

function inbox(id: number): Kept {
  const ending = `-gitea-${id}.json`;
  return {
    isReplaced: false,
    write: (disk) => handIn(state, triggerOf(id), disk),
    read: async (disk) => {
      const [path] = (await listInbox(state, disk)).filter((one) => one.endsWith(ending));
      return Number(path !== undefined && (await readJsonFile(path, disk)) !== undefined);
    },
  };
}

function cursorsOf(version: number): Cursors {
  const enrolledAt = '2026-11-23T10:00:00Z';
  return { [name]: { since: '2026-11-23T10:15:00Z', version, enrolledAt } };
}

function tickOf(version: number): Tick {
  const health = { at: tickExample.at, good: null, failures: version, says: null };
  return { ...tickExample, sources: { [name]: health } };
}
