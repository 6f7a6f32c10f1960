import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { makeChannel } from '@ccci/lib/program/channel.ts';
import { makeOutcome } from '@ccci/lib/program/outcome.ts';
import { cancelExample } from '@ccci/lib/records/cancel.ts';
import { claimExample } from '@ccci/lib/records/claim.ts';
import { exampleHash } from '@ccci/lib/records/common.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import { type DropReason, dropExample } from '@ccci/lib/records/drop.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { resultsSchema } from '@ccci/lib/records/results.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { openJournal } from '@ccci/lib/state/journal.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { settle } from '@ccci/lib/state/queue.ts';
import type { Test } from 'tap';
import { type ReportOptions, report } from '../../../tools/report/report.ts';
import type { Change } from '../../../tools/report/watch.ts';
import { recording, type Story } from '../../lib/pages/records.ts';
import { startWorld } from '../../support/forge/fixture.ts';

export type World = Awaited<ReturnType<typeof makeWorld>>;
type Seen = AnyRecord & { readonly type: string };

/** A real forge with a pull request, a state directory, run directories, and a report that can be started on them. */
export async function makeWorld(t: Test) {
  const dir = t.testdir({ state: {}, runs: {} });
  const world = await startWorld(dir);
  t.teardown(() => world.forge.close());
  const [state, runs] = [join(dir, 'state'), join(dir, 'runs')];
  await prepareState(state);
  const place = { forge: 'gitea', owner: 'org', name: 'app' };
  const pr = triggerExample.pr!;
  let second = 0;

  /** A comment on the forge, and the record that dedupe has accepted for it. */
  const ask = async (
    author: string,
    folder: 'new' | 'done',
    make: (common: AnyRecord) => AnyRecord,
    number = world.number,
  ) => {
    const { id } = world.forge.comment('org', 'app', number, author, '!testme');
    const created = `2026-11-23T10:15:${String(second++).padStart(2, '0')}Z`;
    const key = `gitea-${id}`;
    const comment = { id, url: `${world.forge.url}/x`, author, created };
    const made = make({ ...place, type: '', key, pr: { ...pr, number }, comment });
    const file = queueName(made);
    const record = folder === 'new' ? { ...made, spool: file } : made;
    await accept(state, [{ file, key, record, folder }], { now: () => new Date(0) });
    return record as AnyRecord & { readonly key: string; readonly comment: { readonly id: number } };
  };
  return {
    ...world,
    dir,
    state,
    runs,
    trigger: (options: object = {}, ref = world.commits.head, number = world.number) =>
      ask(
        'mia',
        'new',
        (common) => ({ ...triggerExample, ...common, type: 'trigger', ref, options }),
        number,
      ),
    cancel: (why: 'comment' | 'closed' = 'comment') =>
      ask('mia', 'done', (common) => ({ ...cancelExample, ...common, type: 'cancel', why })),
    /** Takes a waiting trigger away, as dedupe or a stage would: the reason lies in its journal. */
    withdraw: async (trigger: AnyRecord, reason: DropReason, detail: string) => {
      const drop = { ...dropExample, key: String(trigger.key), reason, detail };
      if (!(await settle(state, String(trigger.spool), drop))) throw new Error('it cannot be settled');
    },
    /** Claims triggers for the run of the first, as a stage would that answers them together (step 15). */
    claimTogether: (triggers: readonly AnyRecord[], keys = triggers.map(({ key }) => String(key))) =>
      claimTogether(state, triggers, keys),
    /** The end of a run in the journals of these triggers. */
    endTogether: async (triggers: readonly AnyRecord[], records: readonly AnyRecord[]) => {
      writeRun(runs, String(triggers[0]?.key), records);
      for (const { spool } of triggers) await settle(state, String(spool), records.at(-1) as AnyRecord);
    },
    drop: (reason: DropReason, author = 'eve', detail = `${author} is not a member of org`) =>
      ask(author, 'done', (common) => ({ ...dropExample, ...common, type: 'drop', reason, detail })),
    /** The records of a run of this trigger, as a stage would write them. */
    recordsOf: (trigger: AnyRecord, story: Story = {}) => recordsOf(trigger, world.commits.head, story),
    run: (trigger: AnyRecord, story: Story = {}) =>
      runWhole({ state, runs }, trigger, recordsOf(trigger, world.commits.head, story)),
    /** What a stage leaves of a run that is over, before it is committed. */
    finish: async (trigger: AnyRecord, records: readonly AnyRecord[]) =>
      writeRun(runs, String(trigger.key), records),
    begin: (trigger: AnyRecord, records: readonly AnyRecord[]) => begin({ state, runs }, trigger, records),
    comments: () => world.forge.comments('org', 'app', world.number).filter(({ user }) => user === 'bot'),
    statuses: () => world.forge.statuses('org', 'app', world.commits.head),
    start: (
      changes: Partial<ReportOptions> = {},
      client: (client: ForgeClient) => ForgeClient = (one) => one,
      requestMs = 60_000,
    ) => start({ dir, state, runs }, world, changes, { client, requestMs }),
  };
}

type Folders = { readonly state: string; readonly runs: string };

function recordsOf(trigger: AnyRecord, ref: string, story: Story): AnyRecord[] {
  const text = recording(story)
    .map((record) => JSON.stringify(record))
    .join('\n');
  const changed = text
    .replaceAll('gitea-14497', String(trigger.key))
    .replaceAll(exampleHash, ref)
    .replaceAll(exampleHash.slice(0, 12), ref.slice(0, 12));
  const [, ...rest] = changed.split('\n').map((line) => JSON.parse(line) as AnyRecord);
  return [trigger, ...rest];
}

/** Claims the trigger and writes these records of its run, as far as it has come. */
async function begin({ state, runs }: Folders, trigger: AnyRecord, records: readonly AnyRecord[]) {
  const claimed = await claim(state, String(trigger.spool), {
    stamping: { by: 'ccci-stage/test', now: () => new Date(0) },
  });
  if (claimed === null) throw new Error('the trigger cannot be claimed');
  const folder = join(runs, claimed.run);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(join(folder, 'events.ndjson'), records.map(encodeLine).join(''));
  writeFileSync(join(folder, 'logs', 'app.log'), 'starting\n');
  return { ...claimed, folder };
}

async function runWhole(folders: Folders, trigger: AnyRecord, records: readonly AnyRecord[]) {
  const claimed = await begin(folders, trigger, records);
  writeRun(folders.runs, claimed.run, records);
  await claimed.commit(() => records.at(-1) as AnyRecord);
  return records;
}

/** What a stage leaves in a run's directory. */
function writeRun(runs: string, run: string, records: readonly AnyRecord[]): void {
  const folder = join(runs, run);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'events.ndjson'), records.map(encodeLine).join(''));
  const {
    type: _t,
    v: _v,
    at: _a,
    by: _b,
    key: _k,
    run: _r,
    last_green: _l,
    differences: _d,
    history: _h,
    ...results
  } = records.at(-1) as AnyRecord;
  writeFileSync(join(folder, 'results.json'), JSON.stringify(resultsSchema.parse(results)));
}

async function claimTogether(state: string, triggers: readonly AnyRecord[], keys: readonly string[]) {
  for (const { key, spool } of triggers) {
    const journal = await openJournal(state, String(spool), { folders: ['new'] });
    if (journal === null) throw new Error('the trigger cannot be claimed');
    await journal.append({ ...claimExample, key, run: keys[0], keys });
    await journal.move('cur');
    journal.release();
  }
}

function start(
  { dir, state, runs }: Folders & { readonly dir: string },
  { forge, token }: Awaited<ReturnType<typeof startWorld>>,
  changes: Partial<ReportOptions>,
  {
    client: wrap,
    requestMs,
  }: { readonly client: (client: ForgeClient) => ForgeClient; readonly requestMs: number },
) {
  const giving = new AbortController();
  const feed = makeChannel<Incoming | Change>();
  const output: Seen[] = [];
  const said: string[] = [];
  const outcome = makeOutcome();
  const say = (message: string) => void said.push(message);
  const connection = {
    name: 'gitea',
    url: forge.url,
    token,
    requestMs,
    retries: 0,
    signal: giving.signal,
  };
  const client = wrap(connectForge(connection));
  const options: ReportOptions = {
    state,
    runs,
    directory: join(dir, 'pages'),
    settings: { word: '!testme', context: 'ccci/testme', url: 'https://ci.example.org', notify: true },
    forge: async () => client,
    giveUp: () => giving.abort(),
    patienceMs: 10_000,
    lookMs: 60_000,
    goingMs: 10_000,
    editMs: 0,
    earlyMs: 0,
    sources: [],
    slots: 1,
    stamping: { by: 'ccci-report/test', now: () => new Date(0) },
    log: { info: say, warning: say, error: say },
    outcome,
    pause: async () => void (await setImmediate()),
    ...changes,
  };
  const done = (async () => {
    for await (const record of report(feed.items(), options)) output.push(record as Seen);
  })();
  return {
    output,
    said,
    feed: async (...records: readonly AnyRecord[]) => {
      for (const record of records) await feed.push({ kind: 'record', record });
    },
    /** As the watch of a spool would say it. */
    changed: (file: string | null) => feed.push({ kind: 'changed', file }),
    /** Ends the input; resolves with the exit status. */
    end: async () => {
      feed.end();
      await done;
      return outcome.status();
    },
    page: (path: string) => readFileSync(join(dir, 'pages', path), 'utf8'),
  };
}
