import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { triggerSchema } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { listInbox } from '@ccci/lib/state/inbox.ts';
import t, { type Test } from 'tap';
import { startSweeping } from './world.ts';

const main = fileURLToPath(new URL('../../../tools/sweep/main.ts', import.meta.url));
const day = /^sweep-\d{8}-/;

/** A forge with an organisation of these recipes, and a configuration for it. */
async function configured(t: Test, names: readonly string[], more: object = {}) {
  const world = await startSweeping(t);
  const { forge, dir } = world;
  forge.addOrganisation('org', ['bot', 'mia']);
  for (const name of names) world.addRecipe('org', name);
  writeFileSync(join(dir, 'token'), `${world.token}\n`);
  const config = join(dir, 'config.json');
  const state = join(dir, 'state');
  const git = { url: forge.url, tokenFile: join(dir, 'token'), organisations: ['org'] };
  writeFileSync(config, JSON.stringify({ state, runs: world.runs, forges: { git }, ...more }));
  const argv = (...args: string[]) => [process.execPath, main, '--config', config, ...args];
  const start = (command: readonly string[]) => {
    const child = spawn(command[0]!, command.slice(1), { timeout: 60_000, cwd: dir });
    const ended = once(child, 'close') as Promise<[number | null, string | null]>;
    return { child, ended, err: text(child.stderr) };
  };
  const finish = async (command: readonly string[]) => {
    const { child, ended, err } = start(command);
    const out = await text(child.stdout);
    const [exit] = await ended;
    const said = await err;
    return {
      exit,
      out,
      err: said,
      get records() {
        return parse(out);
      },
    };
  };
  const run = (...args: string[]) => finish(argv(...args));
  return { ...world, state, argv, start, finish, run };
}

function parse(out: string): AnyRecord[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AnyRecord);
}

t.test('writes triggers to standard output, reads no input, writes no state', async (t) => {
  const { run, state, forge, commits } = await configured(t, ['ghost', 'cal']);
  const { exit, records, err } = await run();
  t.equal(exit, 0);
  for (const record of records) triggerSchema.parse(record);
  t.match(records, [
    { name: 'cal', key: day, ref: commits.base, by: 'ccci-sweep/dev' },
    { name: 'ghost', key: day },
  ]);
  t.equal(err, 'ccci-sweep: 2 triggers for the tips of 2 repositories, 3 requests\n');
  t.same(readdirSync(state), []);
  t.ok(
    forge.requests.every(({ user, method }) => user === 'bot' && method === 'GET'),
    'with the read token, and reading only',
  );
});

t.test('a second sweep of a day has the same keys, --again has others', async (t) => {
  const { run } = await configured(t, ['ghost']);
  const [first, second, again] = [await run(), await run(), await run('--again')];
  t.same(first.records[0]!.key, second.records[0]!.key);
  t.match(again.records, [{ key: /^sweep-\d{8}t\d{6}-ghost$/ }]);
});

t.test('flags and configuration say of what', async (t) => {
  const { run, forge, addRun, dir } = await configured(t, ['ghost', 'cal'], { sweep: { of: 'pulls' } });
  forge.openPull('org', 'ghost', { head: 'feature', title: 'x', author: 'mia' });
  t.match((await run()).records, [{ pr: { number: 1 }, options: {} }]);
  t.match((await run('--of', 'tips', '--only', 'ghost,', '--stages', 'install, lint')).records, [
    { name: 'ghost', options: { stages: ['install', 'lint'] } },
  ]);
  t.match((await run('--of=tips', '--quick')).records.length, 2);
  addRun('gitea-1', { recipe: 'cal' });
  const { records, err } = await run('--of=tips');
  t.match(records, [{ name: 'ghost' }]);
  t.match(err, /ccci-sweep: git\/org\/cal is left out: .* is unchanged since it was green in run gitea-1\n/);
  t.equal((await run('--of=tips', '--all')).records.length, 2);
  mkdirSync(join(dir, 'none'));
  t.equal((await run('--of=tips', '--runs', join(dir, 'none'))).records.length, 2);
});

t.test('--spool hands in what standard output would have said, byte for byte', async (t) => {
  const { run, state } = await configured(t, ['ghost', 'cal']);
  const piped = await run();
  const { exit, out, err } = await run('--spool', state);
  t.match({ exit, out }, { exit: 0, out: '' });
  const lines = err.split('\n');
  t.match(lines[0], `warning: ${state} was no state directory and is one now: who runs ccci-dedupe on it?`);
  t.equal(lines[1], `ccci-sweep: 2 handed in to ${state}/in/ready`);
  const files = await listInbox(state);
  t.same(
    files.map((path) =>
      path
        .split('/')
        .pop()!
        .replace(/^\d{8}T\d{6}Z-sweep-\d{8}-/, ''),
    ),
    ['cal.json', 'ghost.json'],
  );
  const instants = (content: string) => content.replaceAll(/"at":"[^"]*"/g, '"at":""');
  t.equal(instants(files.map((path) => readFileSync(path, 'utf8')).join('')), instants(piped.out));
  t.same(readdirSync(join(state, 'in', 'tmp')), [], 'nothing is left behind');
  const second = await run('--spool', state);
  t.equal(second.err.split('\n')[0], `ccci-sweep: 2 handed in to ${state}/in/ready`, 'known now, no warning');
});

t.test('SIGTERM in the middle: what was handed in is whole, and the status says so', async (t) => {
  const { start, argv, state, forge } = await configured(t, ['a', 'b', 'c']);
  forge.misbehave({ match: { path: /org\/c\/branches/ }, fault: 'hang' });
  const { child, ended, err } = start(argv('--spool', state));
  await forge.waitFor(() => forge.requests.some(({ path }) => path.includes('/c/')), {
    what: 'the request that hangs',
  });
  child.kill('SIGTERM');
  t.same((await ended)[0], 143);
  t.match(await err, /2 handed in to .*\n.*stopped after 2 triggers for the tips of 3 repositories/);
  const files = await listInbox(state);
  t.equal(files.length, 2);
  for (const path of files) triggerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  t.same(readdirSync(join(state, 'in', 'tmp')), []);
});

t.test('SIGTERM in the middle of a pipe: whole lines', async (t) => {
  const { start, argv, forge } = await configured(t, ['a', 'b', 'c']);
  forge.misbehave({ match: { path: /org\/c\/branches/ }, fault: 'hang' });
  const { child, ended } = start(argv());
  const out = text(child.stdout);
  await forge.waitFor(() => forge.requests.some(({ path }) => path.includes('/c/')), {
    what: 'the request that hangs',
  });
  child.kill('SIGINT');
  t.same((await ended)[0], 130);
  t.match(parse(await out), [{ name: 'a' }, { name: 'b' }]);
  t.ok((await out).endsWith('}\n'));
});

t.test('ends when nobody reads any more', async (t) => {
  const { start, argv, forge } = await configured(t, ['a', 'b', 'c', 'd']);
  const { child, ended, err } = start(argv());
  child.stdout.destroy();
  t.same((await ended)[0], 0);
  t.equal(await err, '', 'nothing is said about a closed pipe');
  t.notOk(
    forge.requests.some(({ path }) => path.includes('/d/')),
    'and nothing more is asked',
  );
});

t.test('nothing answers, something is missing, nothing is found', async (t) => {
  const { run, forge } = await configured(t, ['a', 'b']);
  const broken = forge.misbehave({ match: { path: /org\/b\// }, times: 9, fault: { status: 500 } });
  const missing = await run();
  t.equal(missing.exit, 75);
  t.match(missing.records, [{ type: 'trigger' }, { type: 'error', source: 'git/org/b' }]);
  t.match(missing.err, /error: GET \/repos\/org\/b\/branches\/main at forge git was answered with 500/);
  broken.stop();
  const none = await run('--of', 'tags');
  t.match(none, { exit: 69, out: '' });
  t.match(none.err, /error: there is nothing to sweep: 2 repositories, 2 without a version \(check what/);
  forge.misbehave({ match: { path: /orgs/ }, times: 9, fault: { status: 502 } });
  t.equal((await run()).exit, 69);
});

t.test('wrong usage and configuration are said before anything is asked', async (t) => {
  const { run, forge, dir } = await configured(t, ['a']);
  const cases: readonly (readonly [readonly string[], number, RegExp])[] = [
    [['--off', 'tips'], 64, /did you mean --of\?/],
    [['--of', 'pull'], 64, /--of is "pull"; expected tips, pulls, tags; did you mean pulls\?/],
    [['--only', ','], 64, /--only needs names/],
    [['--stages', 'instal'], 64, /"instal" is not a stage; did you mean install\?/],
    [['--stages', ','], 64, /--stages needs names of stages/],
    [['--quick', '--stages', 'lint'], 64, /exclude each other/],
    [['--spool', 'x', '--state', 'y'], 64, /both name the state directory/],
    [['--config', join(dir, 'absent')], 78, /cannot read configuration/],
  ];
  for (const [args, exit, words] of cases) {
    const ran = await run(...args);
    t.equal(ran.exit, exit, args.join(' '));
    t.match(ran.err, words);
  }
  t.equal(forge.requests.length, 0);
  t.equal((await run('--only', 'aa')).exit, 65);
});

t.test('a name that nothing has leaves the others', async (t) => {
  const { run } = await configured(t, ['ghost', 'cal']);
  const { exit, records, err } = await run('--only=cal,gohst');
  t.equal(exit, 65);
  t.match(records, [{ name: 'cal' }]);
  t.match(err, /error: nothing that is enrolled is called gohst; did you mean ghost\?/);
});

t.test('runs that cannot be read are an error, unless nobody asks for them', async (t) => {
  const { run, dir } = await configured(t, ['ghost']);
  const file = join(dir, 'token');
  const { exit, err } = await run('--runs', file);
  t.equal(exit, 74);
  t.match(err, /cannot read .*token.*ENOTDIR/);
  t.equal((await run('--runs', file, '--all')).exit, 0);
});

t.test('L03 a disk that gets full: what was handed in stays, and the status is 74', async (t) => {
  const { finish, argv, dir, run, state } = await configured(t, ['a', 'b', 'c', 'd']);
  const small = join(dir, 'small');
  mkdirSync(small);
  // The state takes 14 inodes for itself, and a file that is being handed in has two names for a moment.
  const script = `mount -t tmpfs -o nr_inodes=17 none ${small}
    status=0; "$@" --spool ${small} || status=$?
    cat ${small}/in/ready/*; exit $status`;
  const { exit, records, err } = await finish(['unshare', '--mount', 'sh', '-euc', script, 'sh', ...argv()]);
  t.equal(exit, 74, err);
  t.match(err, /2 handed in to/);
  t.match(err, /error: cannot (write|link to) .*ENOSPC.*make space/);
  t.match(records, [{ name: 'a' }, { name: 'b' }]);
  for (const record of records) triggerSchema.parse(record);
  await run('--spool', state);
  t.equal((await listInbox(state)).length, 4, 'with space the next sweep hands in all');
});

t.test('standard output that takes nothing is 74', async (t) => {
  const { finish, argv } = await configured(t, ['a', 'b']);
  const { exit, err } = await finish(['sh', '-c', '"$@" >/dev/full', 'sh', ...argv()]);
  t.equal(exit, 74);
  t.match(err, /cannot write standard output: .*ENOSPC/);
});

t.test('progress is for a terminal only', async (t) => {
  const { finish, argv } = await configured(t, ['a', 'b']);
  const line = 'script -qec "$(printf "%q " "$@") >/dev/null" /dev/null';
  const seen = await finish(['bash', '-c', line, 'bash', ...argv()]);
  t.equal(seen.exit, 0);
  t.match(seen.out, /\r\u001b\[K1 of 2 repositories(\r\u001b\[K)+ccci-sweep: 2 triggers/);
});

t.test(
  'into ccci-dedupe: once a day each, and what was missing the first time comes with the second',
  async (t) => {
    const { finish, argv, forge, dir } = await configured(t, ['a', 'b']);
    const dedupe = fileURLToPath(new URL('../../../tools/dedupe/main.ts', import.meta.url));
    const node = [process.execPath, dedupe, '--state', join(dir, 'other')].join(' ');
    const piped = async (...args: string[]) => {
      const { records } = await finish(['sh', '-c', `"$@" | ${node}`, 'sh', ...argv(...args)]);
      return records.map(({ type, key, reason, spool }) => ({
        type,
        key,
        reason,
        isStored: spool !== undefined,
      }));
    };
    forge.misbehave({ match: { path: /org\/b\// }, times: 3, fault: { status: 500 } });
    const first = await piped();
    t.match(first, [{ type: 'trigger', key: /-a$/, isStored: true }, { type: 'error' }]);
    const second = await piped();
    const waiting = second.filter(({ reason, key }) => reason === undefined && key !== first[0]!.key);
    t.match(waiting, [{ type: 'trigger', key: /-b$/, isStored: true }]);
    t.match(
      second.filter(({ reason }) => reason === 'duplicate'),
      [{ key: first[0]!.key }],
    );
    const again = await piped('--again');
    t.equal(
      again.filter(({ type, key }) => type === 'trigger' && /t\d{6}-[ab]$/.test(String(key))).length,
      2,
    );
  },
);
