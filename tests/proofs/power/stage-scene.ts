import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { type Claimed, type ClaimOptions, claim } from '@ccci/lib/state/claim.ts';
import { journalPath, prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { listQueue, readJournal, settle } from '@ccci/lib/state/queue.ts';
import { takeOver } from '@ccci/lib/state/take-over.ts';
import { now, stamping } from '../../lib/state/scene.ts';
import type { SimulatedDisk } from '../../support/disk/disk.ts';
import { simulatedLocks } from '../../support/disk/locks.ts';
import type { Scene } from '../../support/disk/sweep.ts';
import { type Comment, recordOf } from './comments.ts';
import { filesByKey, home, state } from './queue-state.ts';
import { finishedOf, thin, writeResults } from './run.ts';

/** What the engine, the forge and people know of runs. */
export type Runs = {
  /** Whether what is committed is answered and thinned at once. */
  readonly isThinned: boolean;
  lives: number;
  /** Run id to the keys that it was begun for: from here on there is something on the engine. */
  begun: Record<string, string[]>;
  /** Run ids of what was given back, or was about to be: whether such a claim counts as dead is open. */
  givenBack: string[];
  /** Key to the run whose results are durable, or to `drop`. */
  ends: Record<string, string>;
  /** Keys of what is committed. */
  committed: string[];
  wrong: string[];
};

const comments: readonly Comment[] = [
  { id: 1, second: 1, type: 'trigger', pull: 1 },
  { id: 2, second: 2, type: 'trigger', pull: 1 },
  { id: 3, second: 3, type: 'trigger', pull: 3 },
  { id: 4, second: 4, type: 'trigger', pull: 4 },
  { id: 5, second: 5, type: 'trigger', pull: 1 },
];

/** Of two triggers that one run answers, one that joins, one that is given back once, and one that is dropped. */
export const stageScenes: readonly Scene<Runs>[] = [
  stageScene('stage', false),
  stageScene('stage and janitor', true),
];

function stageScene(name: string, isThinned: boolean): Scene<Runs> {
  return {
    name,
    home,
    isKilled: true,
    world: () => ({ isThinned, lives: 0, begun: {}, givenBack: [], ends: {}, committed: [], wrong: [] }),
    begin: async (disk) => {
      await prepareState(state, disk);
      await accept(state, comments.map(judgedOf), { now, disk });
      await takeOver(state, { disk, locks: simulatedLocks(disk) });
    },
    live: async (disk, world) => {
      await start(disk, world);
      await work(disk, world);
    },
    judge: async (disk, world) => {
      await start(disk, world);
      lookAtEnds(await endsIn(disk), world);
      await work(disk, world);
      return [...new Set([...world.wrong, ...(await lookAtTheEnd(disk, world))])];
    },
  };
}

async function start(disk: SimulatedDisk, world: Runs): Promise<void> {
  world.lives += 1;
  await prepareState(state, disk);
  await takeOver(state, { disk, locks: simulatedLocks(disk) });
}

/** One after the other all that waits or died; in the first life one is given back first. */
async function work(disk: SimulatedDisk, world: Runs): Promise<void> {
  const locks = simulatedLocks(disk);
  const options: ClaimOptions = {
    stamping,
    disk,
    locks,
    finishedOf: (run) => finishedOf(disk, run),
    onSettled: async () => thinDone(disk, world),
    isMate: ({ key }) => key !== 'gitea-5',
  };
  await dropOne(disk, world, { disk, locks });
  for (const folder of ['cur', 'new'] as const) {
    for (const file of await listQueue(state, folder, disk)) {
      const claimed = await claim(state, file, options);
      if (claimed === null) continue;
      begin(claimed, world);
      if (claimed.trigger.key === 'gitea-3' && world.givenBack.length === 0) {
        world.givenBack.push(claimed.run);
        await claimed.giveBack();
        continue;
      }
      await run(disk, world, claimed);
    }
  }
  const left = await listQueue(state, 'new', disk);
  if (left.length > 0 && left.every((file) => file.endsWith('gitea-3'))) await work(disk, world);
}

async function run(disk: SimulatedDisk, world: Runs, claimed: Claimed): Promise<void> {
  const [late] = (await listQueue(state, 'new', disk)).filter((file) => file.endsWith('-gitea-5'));
  const joined = late === undefined ? null : await claimed.join(late);
  if (joined !== null) world.begun[claimed.run]?.push(joined.key);
  const record = await writeResults(disk, claimed);
  for (const key of claimed.keys()) end(key, claimed.run, world);
  await claimed.commit(() => record);
  world.committed.push(...claimed.keys());
  await thinDone(disk, world);
}

/** What lies in `done` is answered. */
async function thinDone(disk: SimulatedDisk, world: Runs): Promise<void> {
  if (!world.isThinned) return;
  for (const file of await listQueue(state, 'done', disk)) {
    const key = file.slice(file.indexOf('-') + 1);
    if (!world.committed.includes(key)) world.committed.push(key);
    await thin(disk, file);
  }
}

/** What engine and reader see when a run begins: a new id, and all that earlier ones may have left. */
function begin({ run: id, keys, earlier, attempt }: Claimed, world: Runs): void {
  if (world.begun[id] !== undefined) world.wrong.push(`run ${id} begins twice`);
  const before = Object.entries(world.begun).filter(([, of]) => of.some((key) => keys().includes(key)));
  for (const [one] of before) if (!earlier.includes(one)) world.wrong.push(`what ${one} left is forgotten`);
  const died = before.filter(([one]) => !world.givenBack.includes(one)).length;
  if (attempt > world.lives) world.wrong.push(`${id} is attempt ${attempt} in life ${world.lives}`);
  if (attempt < 1 + Math.min(died, 1)) world.wrong.push(`${id} is attempt ${attempt} after ${died} died`);
  for (const key of keys()) {
    if (world.ends[key] !== undefined) world.wrong.push(`${key} runs again after ${world.ends[key]}`);
  }
  world.begun[id] = [...keys()];
}

async function dropOne(
  disk: SimulatedDisk,
  world: Runs,
  storage: Pick<ClaimOptions, 'disk' | 'locks'>,
): Promise<void> {
  const [file] = (await listQueue(state, 'new', disk)).filter((one) => one.endsWith('-gitea-4'));
  if (file === undefined) return;
  if (!(await settle(state, file, { type: 'drop', reason: 'cancelled' }, storage))) return;
  end('gitea-4', 'drop', world);
  world.committed.push('gitea-4');
  await thinDone(disk, world);
}

function end(key: string, how: string, world: Runs): void {
  if (world.ends[key] !== undefined && world.ends[key] !== how) {
    world.wrong.push(`${key} ends as ${how} after ${world.ends[key]}`);
  }
  world.ends[key] = how;
}

/** What was committed lies in `done`, and says so. */
function lookAtEnds(ends: ReadonlyMap<string, End>, world: Runs): void {
  for (const key of world.committed) {
    const { paths = [], says = [] } = ends.get(key) ?? {};
    if (world.isThinned && paths.length === 0) continue;
    if (paths.length !== 1 || !paths[0]?.startsWith('done/'))
      world.wrong.push(`${key} is back: ${paths.join(' ')}`);
    if (!says.includes(world.ends[key] ?? '')) world.wrong.push(`the journal of ${key} has no end`);
  }
}

/** In the end everything is in `done`, once, and has one end. */
async function lookAtTheEnd(
  disk: SimulatedDisk,
  { ends, committed, isThinned }: Runs,
): Promise<readonly string[]> {
  const wrong: string[] = [];
  const found = await endsIn(disk);
  for (const { id } of comments) {
    const key = `gitea-${id}`;
    const { paths = [], says = [] } = found.get(key) ?? {};
    if (isThinned && committed.includes(key) && paths.length === 0) continue;
    if (paths.length === 0) wrong.push(`${key} is lost`);
    if (paths.length > 1 || !paths.every((path) => path.startsWith('done/')))
      wrong.push(`${key} is at ${paths.join(' ')}`);
    if (new Set(says).size !== 1) wrong.push(`${key} has ${new Set(says).size} ends`);
    if (ends[key] !== undefined && !says.includes(ends[key]))
      wrong.push(`${key} does not end as ${ends[key]}`);
  }
  return wrong;
}

type End = { readonly paths: readonly string[]; readonly says: readonly string[] };

/** Where each file lies, and which ends its journal knows: run ids, or `drop`. */
async function endsIn(disk: SimulatedDisk): Promise<ReadonlyMap<string, End>> {
  const ends = new Map<string, End>();
  for (const [key, paths] of await filesByKey(disk)) {
    const [folder, file] = (paths[0] ?? '').split('/') as ['new', string];
    const records = await readJournal(journalPath(state, folder, file), disk);
    const says = records.flatMap(({ type, run: id }) =>
      type === 'drop' ? ['drop'] : type === 'run.finished' ? [String(id)] : [],
    );
    ends.set(key, { paths, says });
  }
  return ends;
}

function judgedOf(comment: Comment, index: number) {
  const trigger = recordOf(comment, '');
  const file = queueName(trigger);
  const record: AnyRecord = { ...trigger, spool: file, seq: index };
  return { file, key: String(record.key), record, folder: 'new' as const };
}
