import type { Cursors } from '@ccci/lib/records/tick.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t, { type Test } from 'tap';
import type { Fault } from '../../support/forge/faults.ts';
import { enrolledWorld } from './enrolled.ts';

/**
 * Each fault at each request of a tick in which much happens, on a forge with the search and on one without: once the
 * fault is over one more tick is enough; nothing is lost, nothing is said twice with different words, and no cursor
 * was ahead of what was judged.
 */
const faults: Readonly<Record<string, Fault>> = {
  drop: 'drop',
  'drop after': 'dropAfter',
  truncate: 'truncate',
  hang: 'hang',
  429: { status: 429 },
  '429 with Retry-After': { status: 429, headers: { 'retry-after': '3' } },
  500: { status: 500 },
  502: { status: 502, body: 'bad gateway' },
  503: { status: 503 },
  401: { status: 401, body: { message: 'token is required' } },
  403: { status: 403 },
  404: { status: 404 },
  'broken JSON': { status: 200, body: '[{"half' },
  'another shape': { status: 200, body: { hello: 'world' } },
  'redirect elsewhere': { redirect: 'http://127.0.0.1:1/login' },
  'redirect in the API': { redirect: '/api/v1/version', redirectStatus: 301 },
  'redirect loop': { redirect: '/api/v1/user', redirectStatus: 301 },
};

/** What is tried always; all of them at full size. */
const usual = {
  true: ['drop', 'truncate', '429 with Retry-After', '401', '404', 'another shape'],
  false: ['500', '404'],
};
const isFull = process.env.CCCI_SCALE === 'full';
const tried = (hasSearch: boolean) =>
  Object.entries(faults).filter(([name]) => isFull || usual[`${hasSearch}`].includes(name));

type World = Awaited<ReturnType<typeof faultyWorld>>;

async function faultyWorld(t: Test, { hasSearch, requestMs }: { hasSearch: boolean; requestMs: number }) {
  const world = await enrolledWorld(t, { requestMs });
  const open = () => world.forge.openPull('org', 'app', { head: 'feature', title: 'x', author: 'mia' });
  const [second, closed] = [open(), open()];
  world.forge.addUser('max');
  const search = { match: { path: /issues\/search/ }, times: 1e6, fault: { status: 404 } };
  if (!hasSearch) world.forge.misbehave(search);
  return { ...world, second, closed };
}

/**
 * Two pull requests with commands, one that is closed while something of it runs, and somebody who waits and is no
 * member any more. Gives the comments to be judged, with their pull request, and all keys that are to be said.
 */
async function muchHappens({ forge, clock, queue, tick, comment, second, closed }: World) {
  forge.reopenPull('org', 'app', closed);
  forge.addMember('org', 'max');
  clock.ms += 120_000;
  const waits = `gitea-${comment('!testme', 'max').id}`;
  const runs = `gitea-${forge.comment('org', 'app', closed, 'mia', '!testme').id}`;
  const judged = new Map((await tick()).records.map((record) => [record.key, record as unknown as Trigger]));
  queue.waiting = [{ file: waits, record: judged.get(waits)! }];
  queue.running = [{ file: runs, record: judged.get(runs)! }];
  await tick(120_000);
  forge.removeMember('org', 'max');
  clock.ms += 120_000;
  const comments = new Map<number, number>();
  const say = (number: number, body: string, author = 'mia') => {
    const { id } = forge.comment('org', 'app', number, author, body);
    comments.set(id, number);
    return `gitea-${id}`;
  };
  const said = [say(1, '!testme'), say(second, '!testme --quick')];
  forge.closePull('org', 'app', closed);
  said.push(say(second, '!testme', 'eve'), say(1, '!help'));
  const close = `gitea-${Number(said[1]!.slice('gitea-'.length)) + 1}`;
  return { comments, keys: [...said, waits, close].sort() };
}

/** The fault at the `nth` request of a tick of a fresh process; false when it has no such request. */
async function strike(
  t: Test,
  world: World,
  { nth, fault, times }: { nth: number; fault: Fault; times: number },
) {
  const { forge, tick, stored } = world;
  const { comments, keys } = await muchHappens(world);
  const before = stored.cursors['gitea/org']!;
  const rule = forge.misbehave({ nth, times, fault });
  const fresh = () => ({ sources: world.sourcesFor(world.connect()) });
  const held = await tick(5_000, fresh());
  const isStruck = rule.count() > 0;
  rule.stop();
  const said = new Map<string, AnyRecord>();
  const at = `request ${nth}, ${held.asked[nth - 1]}`;
  take(t, said, held.records, at);
  const { since, pulls = {} } = (held.tick.cursors as Cursors)['gitea/org']!;
  for (const [id, number] of comments) {
    const known = pulls[`org/app#${number}`];
    if (said.has(`gitea-${id}`)) continue;
    if (known?.comments.includes(id)) t.fail(`${at}: ${id} counts as judged and was not`);
    if (since !== before.since && known?.again !== true) t.fail(`${at}: the cursor is past ${id}`);
  }
  take(t, said, (await tick(5_000, fresh())).records, at);
  t.same([...said.keys()].sort(), keys, `${at}: nothing is lost, nothing is said that was not asked`);
  const again = (await tick(5_000, fresh())).records.filter(({ key }) => comments.has(idOf(key)));
  t.same(again, [], `${at}: nothing is said again`);
  return isStruck;
}

/** What dedupe keeps: the first of each key. Of a comment nothing is said twice, faults or not. */
function take(t: Test, said: Map<string, AnyRecord>, records: readonly AnyRecord[], at: string): void {
  for (const record of records) {
    if (record.type === 'error') continue;
    const key = `${record.key}`;
    // What is watched is said by each process.
    const isWatched = record.why === 'closed' || /no longer is/.test(`${record.detail}`);
    if (said.has(key) && !isWatched) t.fail(`${at}: ${key} is said twice`);
    if (!said.has(key)) said.set(key, record);
  }
}

function idOf(key: unknown): number {
  return Number(`${key}`.slice('gitea-'.length));
}

for (const hasSearch of [true, false]) {
  for (const [name, fault] of tried(hasSearch)) {
    t.test(`${name} at each request, ${hasSearch ? 'with' : 'without'} the search`, async (t) => {
      const world = await faultyWorld(t, { hasSearch, requestMs: fault === 'hang' ? 1_000 : 60_000 });
      const times = name === 'redirect loop' ? 4 : 1;
      let nth = 1;
      while (await strike(t, world, { nth, fault, times })) nth += 1;
      t.ok(nth > 12, `${nth - 1} requests`);
    });
  }
}
