import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsSchema } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { writeResults } from '@ccci/lib/runs/results.ts';
import { writeAnswer } from '@ccci/lib/state/answers.ts';
import { closeSlot } from '@ccci/lib/state/closed-slots.ts';
import { openJournal } from '@ccci/lib/state/journal.ts';
import { parseLines } from '@ccci/lib/state/ndjson.ts';
import { readRecording } from '../corpus/outputs.ts';
import { makeRepository } from '../support/repository/make.ts';
import { layTests } from '../support/repository/recipe.ts';

/** Recordings of real runs, and the comment whose key each of them gets. */
const ended = { green: 101, 'red-upgrade': 102, 'red-custom': 103, infra: 104, incomplete: 105 } as const;
/** Comments that still wait; the second one of a pull request overtakes the first. */
const waiting = [
  { comment: 106, pull: 6, author: 'ana', from: 'superseded' },
  { comment: 107, pull: 6, author: 'ben', from: 'cancelled', minute: 7 },
  { comment: 108, pull: 8, author: 'cem', from: 'red-install', minute: 8 },
] as const;

/** The run of which something is left on the engine, and what its results say then. */
const leftover = 'infra';
const unclean = { flags: { clean_teardown: false, no_secret_leak: true } };

export type RecordedSite = { readonly dir: string; readonly env: Readonly<Record<string, string>> };

/**
 * A server as it may be found on a bad day, made of recordings of real runs by the programs in `bin` and by what they
 * write with: state and run directories, a recording `run.ndjson` beside them, a checkout `good` with its tests.
 */
export async function makeRecordedSite(dir: string, bin: string): Promise<RecordedSite> {
  const state = join(dir, 'state');
  const runs = join(state, 'runs');
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: dir,
    TMPDIR: dir,
    TZ: 'UTC',
    // Whatever engine the machine has, none is asked: what is printed is the same everywhere.
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
    CCCI_STATE: state,
    CCCI_RUNS: runs,
    CCCI_CONFIG: join(dir, 'ccci.json'),
    CCCI_TESTS_DIR: join(dir, 'tests'),
  };
  const forges = { gitea: { url: 'https://git.example.org', organisations: ['recipes'] } };
  writeFileSync(env.CCCI_CONFIG, JSON.stringify({ forges }));
  writeFileSync(
    join(dir, 'poll.ndjson'),
    polled()
      .map((record) => `${JSON.stringify(record)}\n`)
      .join(''),
  );
  execFileSync('sh', ['-c', 'ccci-dedupe < poll.ndjson > heard.ndjson'], { cwd: dir, env, timeout: 60_000 });
  for (const [name, comment] of Object.entries(ended)) await endRun({ state, runs, name, comment });
  cpSync(join(runs, 'gitea-102', 'events.ndjson'), join(dir, 'run.ndjson'));
  await writeAnswer(state, 'gitea-101', { key: 'gitea-101', final: true });
  await writeAnswer(state, 'gitea-102', { key: 'gitea-102', final: false });
  await closeSlot(state, {
    run: 'gitea-104',
    at: '2026-11-29T20:08:30.000Z',
    left: 'volume good-8dd07e_data',
  });
  makeDeadRun(join(runs, 'gitea-100'));
  await makeCheckout(dir);
  return { dir, env };
}

/** What ccci-poll wrote: a comment for each run, those that wait, one that is refused, a source that fails. */
function polled(): object[] {
  const first = (name: string) => recordsOf(name, 0)[0] as AnyRecord;
  const triggers = Object.entries(ended).map(([name, comment]) =>
    ask(first(name), { comment, pull: comment - 100 }),
  );
  const dropped = recordsOf('dropped', 109);
  return [
    ...triggers,
    ...waiting.map(({ from, ...asked }) => ask(first(from), asked)),
    dropped[0] as object,
    withTrouble(dropped[1] as AnyRecord),
  ];
}

type Asked = {
  readonly comment: number;
  readonly pull: number;
  readonly author?: string;
  readonly minute?: number;
};

function ask(trigger: AnyRecord, { comment, pull, author = 'ana', minute = 0 }: Asked): object {
  const url = `https://git.example.org/recipes/${String(trigger.name)}/pulls/${pull}`;
  const { spool: _, seq: __, ...rest } = trigger;
  return {
    ...rest,
    key: `gitea-${comment}`,
    pr: { ...(trigger.pr as object), number: pull, url },
    comment: {
      id: comment,
      url: `${url}#issuecomment-${comment}`,
      author,
      created: `2026-11-29T20:${String(minute).padStart(2, '0')}:00Z`,
    },
  };
}

function withTrouble(tick: AnyRecord): object {
  const says = 'GET /repos/issues/search at forge gitea was answered with 502';
  const failing = { at: '2026-11-29T20:09:00.000Z', good: '2026-11-29T19:48:00.000Z', failures: 3, says };
  return { ...tick, sources: { ...(tick.sources as object), 'gitea/recipes': failing } };
}

type Run = { readonly state: string; readonly runs: string; readonly name: string; readonly comment: number };

/** The directory and the journal of a run that is over, as ccci-stage leaves them. */
async function endRun({ state, runs, name, comment }: Run): Promise<void> {
  const key = `gitea-${comment}`;
  const records = recordsOf(name, comment);
  const finished = records.at(-1) as AnyRecord;
  const folder = join(runs, key);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'lock'), '');
  writeFileSync(
    join(folder, 'events.ndjson'),
    records.map((record) => `${JSON.stringify(record)}\n`).join(''),
  );
  const { type: _, v: __, at, by, key: ___, run: ____, ...results } = finished;
  await writeResults(folder, resultsSchema.parse({ ...results, ...(name === leftover ? unclean : {}) }));
  const journal = await openJournal(state, `20261129T200000Z-${key}`, { folders: ['new'] });
  if (journal === null) throw new Error(`${key} does not wait`);
  await journal.append({ type: 'claim', v: 1, at, by, key, run: key, attempt: 1 }, finished);
  await journal.move('done');
  journal.release();
}

/** A recording with another key, from a forge with a name. */
function recordsOf(name: string, comment: number): AnyRecord[] {
  const text = readRecording(name)
    .replaceAll(/\bgitea-1\b/g, `gitea-${comment}`)
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, 'https://git.example.org');
  return parseLines(text);
}

/** A checkout of the recipe `good` with its versions, and the operator's tests for it. */
async function makeCheckout(dir: string): Promise<void> {
  const { bare } = await makeRepository({ recipe: 'good', into: join(dir, 'good.git') });
  execFileSync('git', ['clone', '--quiet', '--branch', 'pr', bare, join(dir, 'good')], { timeout: 60_000 });
  await layTests('good', join(dir, 'tests', 'good'));
}

/** What a ccci-stage that was killed leaves of a run. */
function makeDeadRun(folder: string): void {
  mkdirSync(join(folder, 'work'), { recursive: true });
  writeFileSync(join(folder, 'lock'), '');
}
