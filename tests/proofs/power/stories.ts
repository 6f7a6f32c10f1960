import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { storeEnrolled } from '@ccci/lib/state/enrolled.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { takeOver } from '@ccci/lib/state/take-over.ts';
import { now } from '../../lib/state/scene.ts';
import type { SimulatedDisk } from '../../support/disk/disk.ts';
import { simulatedLocks } from '../../support/disk/locks.ts';
import { type Comment, instantOf, organisation, recordOf } from './comments.ts';
import type { Story } from './dedupe-scene.ts';
import { state } from './queue-state.ts';

const first: Comment = { id: 1, second: 1, type: 'trigger' };
const newer: Comment = { id: 7, second: 7, type: 'trigger', pull: 1, commit: 'b' };
const refused: Comment = { id: 2, second: 2, type: 'drop' };

/**
 * Three polls and a hook. The first trigger is run, answered and thinned before anything else is stored; the second
 * one is superseded by the third while it waits, and that is cancelled.
 */
const polls: Story = {
  name: 'poll, hook and dedupe',
  comments: [
    first,
    refused,
    { id: 3, second: 11, type: 'trigger', pull: 3 },
    { id: 4, second: 21, type: 'trigger', pull: 3, commit: 'b' },
    { id: 5, second: 22, type: 'cancel', pull: 3 },
  ],
  handedIn: { id: 6, second: 6, type: 'trigger' },
  rounds: [10, 20, 30].map(instantOf),
  quick: ['gitea-1'],
  isThinned: false,
  hasHealth: true,
  isBad: false,
};

const short: Story = {
  name: '',
  comments: [first, refused],
  rounds: [instantOf(10)],
  quick: ['gitea-1'],
  isThinned: false,
  hasHealth: false,
  isBad: false,
};

/** Two triggers of one pull request were accepted, and the older one is not dropped yet. */
const overtaking: Story = {
  ...short,
  name: 'a newer trigger that has not superseded the older one yet',
  comments: [first, newer, refused],
  quick: [],
  begin: acceptBoth,
};

/** And lives of dedupe that begin with what another one left, or with a line that holds the cursors. */
export const stories: readonly Story[] = [
  polls,
  { ...short, name: 'a queue file that seen does not know', begin: (disk) => acceptFirst(disk, '') },
  { ...short, name: 'a torn line in seen', begin: (disk) => acceptFirst(disk, '{"key":"gitea-1","at"') },
  { ...short, name: 'a line in seen that is not synced', begin: acceptWithoutSync },
  overtaking,
  { ...overtaking, name: `${overtaking.name}, and a janitor`, isThinned: true },
  { ...short, name: 'a line that cannot be read', hasHealth: true, isBad: true },
];

async function acceptFirst(disk: SimulatedDisk, seen: string): Promise<void> {
  await prepared(disk);
  await accept(state, [judgedOf(first)], { now, disk });
  await disk.write(statePaths(state).seen, seen);
  await disk.sync(statePaths(state).seen);
}

async function acceptWithoutSync(disk: SimulatedDisk): Promise<void> {
  await prepared(disk);
  const { seen } = statePaths(state);
  const forgetful: Disk = {
    ...disk,
    sync: async (path) => (path === seen ? undefined : disk.sync(path)),
  };
  await accept(state, [judgedOf(first)], { now, disk: forgetful });
}

async function acceptBoth(disk: SimulatedDisk): Promise<void> {
  const { seen } = statePaths(state);
  await prepared(disk);
  const enrolledAt = instantOf(0);
  await storeEnrolled(state, { [organisation]: { since: enrolledAt, enrolledAt } }, disk);
  await accept(state, [judgedOf(first)], { now, disk });
  const content = (await disk.read(seen)) ?? '';
  await accept(state, [judgedOf(newer)], { now, disk });
  await disk.write(seen, content);
  await disk.sync(seen);
}

/** With `seen` there, empty. */
async function prepared(disk: SimulatedDisk): Promise<void> {
  await prepareState(state, disk);
  await disk.append(statePaths(state).seen, '');
  await takeOver(state, { disk, locks: simulatedLocks(disk) });
}

function judgedOf(comment: Comment) {
  const trigger = recordOf(comment, '');
  const file = queueName(trigger);
  const record: AnyRecord = { ...trigger, spool: file, seq: comment.id };
  return { file, key: String(record.key), record, folder: 'new' as const };
}
