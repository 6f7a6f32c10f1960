import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitLines } from '@ccci/lib/records/lines.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import t, { type Test } from 'tap';
import { watchSpool } from '../../../tools/report/watch.ts';
import { refused } from '../../lib/pages/records.ts';
import { makeWorld, type World } from './world.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'dist', 'bin', 'ccci-report');
const limitMs = 60_000;

function begin(t: Test, world: World, args: readonly string[] = []) {
  const [token, config] = [join(world.dir, 'token'), join(world.dir, 'config.json')];
  writeFileSync(token, world.token);
  const forges = { gitea: { url: world.forge.url, organisations: ['org'], reportTokenFile: token } };
  writeFileSync(config, JSON.stringify({ forges, runs: world.runs }));
  const child = spawn(
    process.execPath,
    [program, '--spool', world.state, '--config', config, '--patience-ms', '3000', ...args],
    { env: { PATH: process.env.PATH, HOME: world.dir }, stdio: ['pipe', 'pipe', 'pipe'], timeout: limitMs },
  );
  t.teardown(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  child.stderr.on('data', (data) => said.push(String(data)));
  const records = (async () => {
    const all: Record<string, unknown>[] = [];
    for await (const line of splitLines(child.stdout))
      if (line.ok) all.push(JSON.parse(line.bytes.toString()));
    return all;
  })();
  const ended = once(child, 'exit').then(async ([exit]) => ({
    exit,
    records: await records,
    said: said.join(''),
  }));
  return { child, ended };
}

/** The lock is there once the program has begun. */
const untilLocked = async ({ state }: World) => {
  for await (const _ of watchFor(state)) if (await isLocked(state)) return;
};

async function* watchFor(state: string): AsyncGenerator<void> {
  const { watch } = await import('node:fs/promises');
  yield;
  for await (const _ of watch(state, { signal: AbortSignal.timeout(limitMs) })) yield;
}

async function isLocked(state: string): Promise<boolean> {
  try {
    (await lockProgram(state, 'report')).release();
    return false;
  } catch {
    return true;
  }
}

t.test('--spool: what is accepted is answered by events, without a pipe, until SIGTERM', async (t) => {
  const world = await makeWorld(t);
  const early = await world.trigger();
  const { child, ended } = begin(t, world);
  // Never read: a program that looked at it would stop here with an error record.
  child.stdin.write('no record\n');
  await world.forge.waitFor(() => world.forge.reactions(early.comment.id).length === 1, {
    what: 'what was there',
  });
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'its comment' });
  const late = await world.trigger({}, world.commits.next);
  await world.forge.waitFor(() => world.forge.statuses('org', 'app', world.commits.next).length === 1, {
    what: 'what came later, with no look for a minute',
  });
  await world.run(early, refused);
  await world.forge.waitFor(() => world.comments().some(({ body }) => body.includes('did not pass')), {
    what: 'the outcome, told by the journal',
  });
  await world.forge.waitFor(() => world.comments().length === 1, { what: 'one comment at rest' });
  child.kill('SIGTERM');
  const { exit, records, said } = await ended;
  t.equal(exit, 143);
  t.equal(said, '');
  t.match(
    records.map(({ type, stage, key }) => ({ type, stage, key })),
    [
      { type: 'report', stage: 'pending', key: early.key },
      { type: 'report', stage: 'pending', key: late.key },
      { type: 'report', stage: 'final', key: early.key },
    ],
  );
});

t.test('--spool --once: everything is brought to what the directory says, and it ends', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  await world.run(trigger);
  const first = await begin(t, world, ['--once']).ended;
  t.match(first, { exit: 0, said: '', records: [{ type: 'report', stage: 'final', key: trigger.key }] });
  t.match(world.comments(), [{ body: /ghost passed/ }]);
  const second = await begin(t, world, ['--once']).ended;
  t.match(second, { exit: 0, records: [] });
});

t.test('SIGTERM finishes the post under way, and leaves the rest to the next start', async (t) => {
  const world = await makeWorld(t);
  const trigger = await world.trigger();
  world.forge.misbehave({ match: { path: /reactions/ }, fault: { delayMs: 300 } });
  const { child, ended } = begin(t, world);
  await world.forge.waitFor(() => world.forge.requests.some(({ path }) => path.endsWith('reactions')), {
    what: 'a request under way',
  });
  child.kill('SIGTERM');
  t.equal((await ended).exit, 143);
  t.equal(world.forge.reactions(trigger.comment.id).length, 1);
  t.match(await begin(t, world, ['--once']).ended, { exit: 0 });
  t.equal(world.comments().length, 1);
  t.equal(world.statuses().length, 1);
});

t.test(
  'a state that cannot be written: 74 with a clear error, and it does not hang; once it can, nothing is lost',
  async (t) => {
    const world = await makeWorld(t);
    const { ended } = begin(t, world);
    await untilLocked(world);
    const { answers } = statePaths(world.state);
    rmSync(answers, { recursive: true });
    writeFileSync(answers, 'a file in the way');
    const trigger = await world.trigger();
    t.match(await ended, { exit: 74, said: /cannot (write|read) .*answers/ });
    rmSync(answers);
    mkdirSync(answers);
    t.match(await begin(t, world, ['--once']).ended, { exit: 0, records: [{ key: trigger.key }] });
    t.equal(world.comments().length, 1);
  },
);

t.test('one per state, and flags that make no sense together', async (t) => {
  const world = await makeWorld(t);
  const { child, ended } = begin(t, world);
  await untilLocked(world);
  t.match(await begin(t, world, ['--once']).ended, { exit: 75, said: /another ccci-report is at work/ });
  child.kill('SIGTERM');
  t.equal((await ended).exit, 143);
  t.match(await begin(t, world, ['--format', 'text']).ended, {
    exit: 64,
    said: /--format renders standard input/,
  });
});

t.test('the watch tells of each file once, of what was there before, and of nothing temporary', async (t) => {
  const world = await makeWorld(t);
  const stopping = new AbortController();
  const changes = watchSpool({ state: world.state, stopping: stopping.signal, warn: t.fail });
  t.same((await changes.next()).value, { kind: 'changed', file: null });
  const trigger = await world.trigger();
  t.same((await changes.next()).value, { kind: 'changed', file: trigger.spool });
  writeFileSync(join(statePaths(world.state).accepted, '.hidden.json.tmp'), '');
  const second = await world.trigger();
  const seen = new Set<string | null>();
  while (!seen.has(String(second.spool))) seen.add((await changes.next()).value?.file ?? null);
  t.same(
    [...seen].filter((file) => file !== trigger.spool && file !== second.spool),
    [],
  );
  stopping.abort();
  while (!(await changes.next()).done);
  t.pass('it ends');
});

t.test('a folder that cannot be watched is said, and the others are watched', async (t) => {
  const world = await makeWorld(t);
  rmSync(statePaths(world.state).queue.cur, { recursive: true });
  const warned: string[] = [];
  const stopping = new AbortController();
  const warn = ({ message }: Error) => void warned.push(message);
  const changes = watchSpool({ state: world.state, stopping: stopping.signal, warn });
  await changes.next();
  t.match(warned, [/ENOENT/]);
  mkdirSync(statePaths(world.state).queue.cur);
  const trigger = await world.trigger();
  t.same((await changes.next()).value, { kind: 'changed', file: trigger.spool });
  stopping.abort();
  await changes.return(undefined);
});
