import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import { expectedOf } from '@ccci/lib/runs/durations.ts';
import {
  decidePlace,
  makePlaces,
  type PlaceFacts,
  placeInQueue,
  type Running,
} from '@ccci/lib/runs/place.ts';
import { accept } from '@ccci/lib/state/accept.ts';
import { claim } from '@ccci/lib/state/claim.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import type { Waiting } from '@ccci/lib/state/order.ts';
import t, { type Test } from 'tap';

const minute = 60_000;
const nowMs = Date.parse('2026-11-23T12:00:00Z');
const ref = (digit: number) => String(digit).repeat(40);

/** A waiting trigger on a pull request of its own, unless told otherwise; the lower the number, the older. */
function wait(number: number, changes: Partial<Trigger> & { readonly pull?: number } = {}): Waiting {
  const { pull = number, ...rest } = changes;
  const created = `2026-11-23T10:00:${String(number).padStart(2, '0')}Z`;
  const record: Trigger = {
    ...triggerExample,
    key: `gitea-${number}`,
    seq: number,
    pr: { ...triggerExample.pr!, number: pull },
    comment: { ...triggerExample.comment!, id: number, created },
    ...rest,
  };
  return { file: queueName(record), record };
}

const since = (waiting: Waiting, minutesAgo: number): Running => ({
  ...waiting,
  sinceMs: nowMs - minutesAgo * minute,
});

function place(file: Waiting, facts: Partial<PlaceFacts>) {
  const expect = () => ({ medianMs: 10 * minute, longestMs: 30 * minute });
  return decidePlace(file.file, { waiting: [], running: [], expect, slots: 1, nowMs, ...facts });
}

t.test('the place is that of the order of work, and what is ahead is named', async (t) => {
  const [a, b, c] = [wait(1), wait(2), wait(3)];
  const waiting = [c, b, a];
  t.same(place(a, { waiting }), { place: 1, behind: null, etaMs: 0 });
  t.same(place(b, { waiting }), { place: 2, behind: 'gitea-1', etaMs: 10 * minute });
  t.same(place(c, { waiting }), { place: 3, behind: 'gitea-2', etaMs: 20 * minute });
  t.equal(place(wait(9), { waiting }), null, 'what does not wait has none');
});

t.test('people stand before sweeps', async (t) => {
  const [sweep, person] = [wait(1, { source: 'sweep' }), wait(2)];
  t.match(place(person, { waiting: [sweep, person] }), { place: 1, behind: null });
  t.match(place(sweep, { waiting: [sweep, person] }), { place: 2, behind: 'gitea-2' });
});

t.test('what will run together shares a place, and takes the time of one run', async (t) => {
  const [a, again, quick, b] = [
    wait(1, { pull: 1 }),
    wait(2, { pull: 1 }),
    wait(3, { pull: 1, options: { quick: true } }),
    wait(4),
  ];
  const waiting = [a, again, quick, b];
  t.match(place(a, { waiting }), { place: 1 });
  t.match(place(again, { waiting }), { place: 1, behind: null, etaMs: 0 });
  t.match(place(quick, { waiting }), { place: 2, behind: 'gitea-1' }, 'other options are other work');
  t.match(place(b, { waiting }), { place: 3, behind: 'gitea-3', etaMs: 20 * minute });
});

t.test('the first waits for what runs: on its own pull request, else any', async (t) => {
  const [other, own] = [since(wait(1), 4), since(wait(2, { pull: 5, ref: ref(1) }), 1)];
  const next = wait(5);
  const facts = { waiting: [next], running: [other, own], slots: 2 };
  t.same(place(next, facts), { place: 1, behind: 'gitea-2', etaMs: 9 * minute });
  t.same(place(next, { ...facts, running: [other] }), { place: 1, behind: 'gitea-1', etaMs: 0 });
  t.same(place(next, { ...facts, running: [other], slots: 1 }), {
    place: 1,
    behind: 'gitea-1',
    etaMs: 6 * minute,
  });
});

t.test('the time ahead is shared by the slots', async (t) => {
  const waiting = [wait(1), wait(2), wait(3), wait(4)];
  t.match(place(waiting[3]!, { waiting, slots: 3 }), { place: 4, etaMs: 10 * minute });
});

t.test('a run beyond the usual may take as long as the longest, and then nobody knows', async (t) => {
  const next = wait(5);
  const eta = (minutes: number) =>
    place(next, { waiting: [next], running: [since(wait(1), minutes)] })?.etaMs;
  t.equal(eta(12), 18 * minute);
  t.equal(eta(45), 0);
});

t.test('without any history there is no estimate, and nothing is made up', async (t) => {
  const waiting = [wait(1), wait(2)];
  const facts = { waiting, expect: () => null };
  t.same(place(waiting[1]!, facts), { place: 2, behind: 'gitea-1', etaMs: null });
  t.same(place(waiting[0]!, facts), { place: 1, behind: null, etaMs: 0 }, 'nothing is ahead');
  t.equal(place(waiting[0]!, { ...facts, running: [since(wait(7), 1)] })?.etaMs, null);
});

t.test('the median of the newest twenty of a recipe, else of all recipes', async (t) => {
  const runs = Array.from({ length: 25 }, (_, index) => ({
    recipe: 'ghost',
    finished: index,
    ms: index < 5 ? 99 * minute : (index - 4) * minute,
  }));
  t.same(expectedOf(runs, 'ghost'), { medianMs: 10.5 * minute, longestMs: 20 * minute });
  t.same(expectedOf(runs.slice(5, 8), 'other'), { medianMs: 2 * minute, longestMs: 3 * minute });
  t.equal(expectedOf([], 'ghost'), null);
});

async function makeQueue(t: Test, waiting: readonly Waiting[]) {
  const dir = t.testdir({ state: {}, runs: {} });
  const [state, runs] = [join(dir, 'state'), join(dir, 'runs')];
  await prepareState(state);
  const judged = waiting.map(({ file, record }) => {
    return { file, key: record.key, record: { ...record, spool: file }, folder: 'new' as const };
  });
  await accept(state, judged, { now: () => new Date(nowMs) });
  return { state, runs };
}

function writeRun(runs: string, id: string, changes: object): void {
  mkdirSync(join(runs, id), { recursive: true });
  writeFileSync(join(runs, id, 'results.json'), JSON.stringify({ ...resultsExample, ...changes }));
}

t.test('from the directory: who waits, who runs and since when, how long runs took', async (t) => {
  const [a, b] = [wait(1), wait(2)];
  const { state, runs } = await makeQueue(t, [a, b]);
  writeRun(runs, 'whole', { started: 0, finished: 600 });
  writeRun(runs, 'partial', { started: 0, finished: 7, scope: 'partial' });
  writeRun(runs, 'cancelled', { started: 0, finished: 1, verdict: 'cancelled' });
  mkdirSync(join(runs, 'going-on'));
  mkdirSync(join(runs, 'damaged'));
  writeFileSync(join(runs, 'damaged', 'results.json'), '{');
  const stamping = { by: 'ccci-stage/test', now: () => new Date(nowMs - 4 * minute) };
  const places = makePlaces({ state, runs, now: () => new Date(nowMs) });
  t.same(await places.of(b.file), { place: 2, behind: 'gitea-1', etaMs: 10 * minute });
  const claimed = await claim(state, a.file, { stamping });
  t.same(await places.of(b.file), { place: 1, behind: 'gitea-1', etaMs: 6 * minute });
  t.equal(await places.of(a.file), null);
  await claimed?.commit(() => ({ type: 'run.finished' }));
  t.same(await places.of(b.file), { place: 1, behind: null, etaMs: 0 });
  t.same(await placeInQueue(b.file, { state, runs }), { place: 1, behind: null, etaMs: 0 });
});

t.test('with 1,000 that wait and 1,000 runs nothing is read twice', async (t) => {
  const waiting = Array.from({ length: 1000 }, (_, index) =>
    wait(index % 60, { key: `gitea-${1000 + index}`, pull: index + 1 }),
  );
  const { state, runs } = await makeQueue(
    t,
    waiting.map(({ record }) => ({ file: queueName(record), record })),
  );
  for (let index = 0; index < 1000; index += 1) writeRun(runs, `run-${index}`, {});
  const places = makePlaces({ state, runs, now: () => new Date(nowMs) });
  const files = waiting.map(({ record }) => queueName(record));
  const first = await places.of(files[0]!);
  const started = performance.now();
  const found = await Promise.all(files.slice(0, 100).map((file) => places.of(file)));
  t.comment(`a place among 1,000: ${((performance.now() - started) / 100).toFixed(2)} ms`);
  t.same(found[0], first);
  t.equal(new Set(found.map((one) => one?.place)).size, 100, 'each has a place of its own');
});
