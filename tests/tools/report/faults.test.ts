import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readAnswer } from '@ccci/lib/state/answers.ts';
import { type Disk, realDisk } from '@ccci/lib/state/files.ts';
import t, { type Test } from 'tap';
import type { Fault } from '../../support/forge/faults.ts';
import { makeWorld, type World } from './world.ts';

/**
 * The life of one trigger: accepted, running, over; a report of its own for each. Whatever happens to one request or
 * to one note of it, the next start ends with one comment of ours, the verdict on top, nothing doubled, nothing lost.
 */
const isFull = process.env.CCCI_SCALE === 'full';

async function live(world: World, report: () => Promise<void>): Promise<void> {
  const trigger = await world.trigger();
  const records = world.recordsOf(trigger);
  await report();
  const { commit } = await world.begin(trigger, records.slice(0, 8));
  await report();
  await world.finish(trigger, records);
  await commit(() => records.at(-1) as AnyRecord);
  await report();
}

/** What people were sent: comments as they were created. */
function listen(world: World): { readonly progress: number; readonly outcome: number } {
  const count = { progress: 0, outcome: 0 };
  world.forge.events.on('comment', ({ entry }: { readonly entry: { readonly body: string } }) => {
    if (entry.body.startsWith('<!-- ccci:progress')) count.progress += 1;
    if (entry.body.startsWith('<!-- ccci:outcome')) count.outcome += 1;
  });
  return count;
}

async function requestsOfALife(t: Test): Promise<readonly string[]> {
  const world = await makeWorld(t);
  await live(world, async () => void (await world.start().end()));
  return world.forge.requests.map(({ method, path }) => `${method} ${path.split('/').slice(4).join('/')}`);
}

/** Words of what is given up, for the requests of one part. */
const hopeless = [404, 410, 422, 423];

type Expected = {
  /** Something was refused for good, and that was said. */
  readonly isGivenUp?: boolean;
  /** The forge said of a comment that it is gone, and we cannot know better. */
  readonly isDenied?: boolean;
};

async function check(
  t: Test,
  world: World,
  created: ReturnType<typeof listen>,
  { isGivenUp = false, isDenied = false }: Expected = {},
) {
  const [comment, ...others] = world.comments().reverse();
  t.match(await readAnswer(world.state, 'gitea-1'), { final: true }, 'nothing is owed');
  t.same(world.forge.problems, []);
  t.ok(created.outcome <= 1, 'people are told once');
  t.ok(created.progress <= (isDenied ? 2 : 1), 'and of the progress at most once');
  if (isGivenUp) return;
  if (!isDenied) t.same(others, [], 'one comment of ours at rest');
  t.match(comment?.body, /ghost passed/, 'with the outcome');
  t.equal(world.statuses().at(-1)?.state, 'success', 'the verdict wins');
  t.equal(world.statuses().filter(({ state }) => state === 'success').length, 1, 'and is posted once');
  t.equal(created.outcome, 1, 'people are told');
  t.equal(world.forge.reactions(1).length, 1, 'the reaction is there');
}

t.test('bad forge: each fault at each request of a report', async (t) => {
  const requests = await requestsOfALife(t);
  t.comment(requests.join('\n'));
  // Status, reaction, who, list, comment; status, edit; verdict, read back, outcome, delete; a look at the last start.
  t.equal(requests.length, 12);
  const status = (code: number, headers = {}): Fault => ({ status: code, headers, body: { message: 'no' } });
  const faults: Readonly<Record<string, Fault>> = {
    dropAfter: 'dropAfter',
    ...(isFull ? {} : { 502: status(502) }),
    ...(isFull
      ? {
          drop: 'drop',
          truncate: 'truncate',
          hang: 'hang',
          ...Object.fromEntries(
            [400, 401, 403, 404, 410, 422, 423, 500, 502, 504].map((code) => [code, status(code)]),
          ),
          429: status(429, { 'retry-after': '1' }),
          503: status(503, { 'retry-after': '1' }),
          redirect: { redirect: 'https://elsewhere.example.org/' },
        }
      : {}),
  };
  for (const [name, fault] of Object.entries(faults)) {
    for (const nth of requests.keys()) {
      for (const times of isFull ? [1, 1e6] : [1]) {
        const world = await makeWorld(t);
        const created = listen(world);
        const struck = world.forge.misbehave({ match: { path: /api/ }, nth: nth + 1, times, fault });
        const said: string[] = [];
        const requestMs = fault === 'hang' ? 300 : 60_000;
        await live(world, async () => {
          const running = world.start({ patienceMs: 1_000 }, undefined, requestMs);
          await running.end();
          said.push(...running.said);
          if (struck.count() > 0) struck.stop();
        });
        struck.stop();
        t.equal(await world.start().end(), 0, `${name} at ${requests[nth]}, ${times} times`);
        const isGivenUp = said.some((line) => line.endsWith('given up'));
        if (isGivenUp) t.ok(hopeless.concat(400, 403).includes(Number(name)), `${name} is given up`);
        const isDenied = name === '404' && /^(DELETE|PATCH)/.test(requests[nth] ?? '');
        await check(t, world, created, { isGivenUp, isDenied });
        await world.forge.close();
      }
    }
  }
});

/** A disk that dies with the program at the `nth` rename: before it is done, or just after. */
function dyingDisk(nth: number, isAfter: boolean) {
  let renames = 0;
  let isDead = false;
  const died = () => new Failure(exitStatus.inputOutput, 'disk-failed', 'killed here');
  const disk: Disk = {
    ...realDisk,
    rename: async (from, to) => {
      if (isDead) throw died();
      renames += 1;
      isDead = renames === nth;
      if (!isDead || isAfter) await realDisk.rename(from, to);
      if (isDead) throw died();
    },
    write: async (path, content) => {
      if (isDead) throw died();
      await realDisk.write(path, content);
    },
  };
  return { disk, renames: () => renames, isDead: () => isDead };
}

t.test('killed at each note of a report, before and after: the next start doubles nothing', async (t) => {
  const counting = dyingDisk(1e6, false);
  const whole = await makeWorld(t);
  await live(whole, async () => void (await whole.start({ disk: counting.disk }).end()));
  t.ok(counting.renames() >= 14, `${counting.renames()} notes in a life`);
  for (const isAfter of isFull ? [false, true] : [false]) {
    for (let nth = 1; nth <= counting.renames(); nth += 1) {
      const world = await makeWorld(t);
      const created = listen(world);
      const dying = dyingDisk(nth, isAfter);
      await live(world, async () => {
        if (!dying.isDead()) {
          const ended = world.start({ disk: dying.disk }).end();
          if (await ended.then(() => true, isKill)) return;
        }
        t.equal(await world.start().end(), 0);
      });
      t.ok(dying.isDead(), `killed ${isAfter ? 'after' : 'before'} note ${nth}`);
      await check(t, world, created);
      await world.forge.close();
    }
  }
});

function isKill(error: unknown): boolean {
  if (error instanceof Failure && error.message === 'killed here') return false;
  throw error;
}
