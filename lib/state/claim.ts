import { type Stamping, stamp } from '../records/encode.ts';
import type { Trigger } from '../records/trigger.ts';
import { attemptsOf } from './attempts.ts';
import { finish, type Held, type HoldOptions, hold } from './held.ts';
import { listQueue } from './queue.ts';
import { nextRunId } from './run-ids.ts';
import { isSameWork, readWork } from './work.ts';

/** Triggers that are ours to run, together, until they are committed, given back or released. */
export type Claimed = {
  /** Of the first. */
  readonly file: string;
  /** The oldest comment of those that one run answers. */
  readonly trigger: Trigger;
  /** Keys of all of them, the first's first; grows when one joins. */
  readonly keys: () => readonly string[];
  /** The first's key, `<key>.2` for its second claim and so on; never used before. */
  readonly run: string;
  /** 1, and one more for each earlier claim that died; what was given back does not count. */
  readonly attempt: number;
  /** Run ids of earlier claims of any of them, whose leftovers are to be removed. */
  readonly earlier: readonly string[];
  /** Takes a waiting trigger for the same work into this claim; null when it is gone, held, or another work. */
  readonly join: (file: string) => Promise<Trigger | null>;
  /** Each journal, fsync, rename to `done`, fsync; then the locks are given up (triggers.md, step 10). */
  readonly commit: (recordOf: (trigger: Trigger) => object) => Promise<void>;
  /** Back to `new`, for the next stage; this attempt does not count (step 9). */
  readonly giveBack: () => Promise<void>;
  /** Lets the locks go and leaves the files in `cur`, as a crash would. */
  readonly release: () => void;
};

export type ClaimOptions = HoldOptions & {
  readonly stamping: Stamping;
  /** False for what is not to be run together with the rest; such a one stays where it is. */
  readonly isMate?: (record: Trigger) => boolean;
};

/**
 * Takes a trigger that waits, or the claim of somebody who died, together with all that the same run answers: equal
 * repository, pull request, commit and options (triggers.md, steps 9 and 15). Null when it is gone, held by somebody
 * else, over, or no trigger: then it is to be passed over without a word. Two processes that claim at once have to
 * hold the claim lock (`lockClaims`).
 */
export async function claim(state: string, file: string, options: ClaimOptions): Promise<Claimed | null> {
  const held: Held[] = [];
  try {
    const asked = await hold(state, file, ['new', 'cur'], options);
    if (asked === null) return null;
    held.push(asked);
    for (const other of await mates(state, asked, options)) {
      const mate = await hold(state, other, ['new', 'cur'], options);
      if (mate !== null) held.push(mate);
    }
    return await take(state, held.sort(byFile), options);
  } catch (error) {
    for (const { journal } of held) journal.release();
    throw error;
  }
}

/** Files of other triggers that the same run answers: waiting ones, and claims (whether they are dead, shows). */
async function mates(
  state: string,
  { journal, trigger }: Held,
  { disk, isMate = () => true }: ClaimOptions,
): Promise<string[]> {
  const files = [...(await listQueue(state, 'new', disk)), ...(await listQueue(state, 'cur', disk))];
  const found: string[] = [];
  for (const file of files) {
    const record = file === journal.file ? null : await readWork(state, file, { disk });
    if (record?.type === 'trigger' && isSameWork(record, trigger) && isMate(record)) found.push(file);
  }
  return found;
}

async function take(state: string, group: Held[], options: ClaimOptions): Promise<Claimed> {
  const { stamping } = options;
  const { file } = (group[0] as Held).journal;
  const { trigger } = group[0] as Held;
  const attempts = group.map(({ journal }) => attemptsOf(journal.records));
  const earlier = [...new Set(attempts.flatMap(({ runs }) => runs))];
  const run = nextRunId(trigger.key, earlier);
  const attempt = Math.max(...attempts.map(({ died }) => died)) + 1;
  const keys = () => group.map((one) => one.trigger.key);
  const note = async ({ journal, trigger: { key } }: Held) => {
    await journal.append(stamp({ type: 'claim', key, run, attempt, keys: keys() }, stamping));
    await journal.move('cur');
  };
  for (const one of group) await note(one);
  const inTurn = makeTurns();
  let isOver = false;
  const join = async (other: string) => {
    const joining = isOver ? null : await hold(state, other, ['new'], options);
    if (joining === null) return null;
    if (isSameWork(joining.trigger, trigger)) {
      group.push(joining);
      await note(joining);
      return joining.trigger;
    }
    joining.journal.release();
    return null;
  };
  return {
    file,
    trigger,
    keys,
    run,
    attempt,
    earlier,
    join: (other) => inTurn(() => join(other)),
    commit: (recordOf) => {
      isOver = true;
      return inTurn(() => finish(group, 'done', recordOf));
    },
    giveBack: () => {
      isOver = true;
      return inTurn(() => finish(group, 'new', ({ key }) => backInQueue(key, run, stamping)));
    },
    release: () => {
      for (const { journal } of group) journal.release();
    },
  };
}

/** One piece of work at a time, in the order of asking: who joins is in, or out, before the end begins. */
function makeTurns(): <Value>(work: () => Promise<Value>) => Promise<Value> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    last = turn.catch(() => {});
    return turn;
  };
}

/** Says in the journal that the claim before it did not die. */
function backInQueue(key: string, run: string, stamping: Stamping): object {
  return stamp({ type: 'queued', key, run, place: 1, behind: null, etaMs: null }, stamping);
}

function byFile(one: Held, other: Held): number {
  return one.journal.file < other.journal.file ? -1 : 1;
}
