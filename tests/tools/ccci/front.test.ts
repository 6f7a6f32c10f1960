/** The built `ccci` with stand-ins beside it in the place of the other programs: what it gives them, what it does with theirs. */
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { runFinishedExample } from '@ccci/lib/records/run-finished.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { startForge } from '../../support/forge/forge.ts';
import { makeRepository } from '../../support/repository/make.ts';
import { checkOut, makeHome } from '../stage/home.ts';

const built = join(import.meta.dirname, '..', '..', '..', 'dist', 'bin');
const limitMs = 180_000;

const scratch = mkdtempSync(join(tmpdir(), 'ccci-front-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 10 }));
const { dir: recipe } = await checkOut(makeHome(join(scratch, 'home')), 'good');

/** A folder with `ccci`, and programs that write down their arguments and input. */
function setUp(stage = '') {
  const dir = mkdtempSync(join(scratch, 'site-'));
  for (const folder of ['bin', 'state', 'recipes']) mkdirSync(join(dir, folder));
  copyFileSync(join(built, 'ccci'), join(dir, 'bin', 'ccci'));
  const program = (name: string, body: string) => {
    writeFileSync(join(dir, 'bin', name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(dir, 'bin', name), 0o755);
  };
  const note = `echo "$@" > '${dir}/stage.args'`;
  program('ccci-stage', `${note}\ncase "$*" in *--attach*) ;; *) cat > '${dir}/stage.in';; esac\n${stage}`);
  program('ccci-report', 'cat');
  const env = { PATH: process.env.PATH, HOME: dir, CCCI_STATE: join(dir, 'state') };
  const argv = (args: readonly string[]) => [join(dir, 'bin', 'ccci'), ...args];
  return {
    dir,
    env,
    program,
    run: (...args: string[]) =>
      spawnSync(process.execPath, argv(args), { cwd: dir, env, encoding: 'utf8', timeout: limitMs }),
    start: (...args: string[]) => spawn(process.execPath, argv(args), { cwd: dir, env, timeout: limitMs }),
    given: () => JSON.parse(readFileSync(join(dir, 'stage.in'), 'utf8')),
    args: () => readFileSync(join(dir, 'stage.args'), 'utf8').trim(),
  };
}

/** Waits for a pipe that nobody writes to, and says at a signal that it tears down. */
const sigintStage = `trap 'printf "{\\"type\\":\\"x.torn\\"}\\n"; exit 130' INT
echo '{"type":"x.up"}'
mkfifo wait; read line < wait`;

const finished = (verdict: string) =>
  `echo '${JSON.stringify({ ...runFinishedExample, verdict, reason: 'x' })}'`;

for (const [verdict, status] of [
  ['green', 0],
  ['red', 1],
  ['incomplete', 69],
  ['infra', 69],
] as const) {
  t.test(`a folder that is ${verdict}: its trigger, the options passed on, the status`, async (t) => {
    const site = setUp(finished(verdict));
    const { status: exit, stderr } = site.run('test', recipe, '--quick', '--keep', '--tests-dir', 'mine');
    t.equal(exit, status, stderr);
    t.same(site.given(), { type: 'trigger', repo: recipe, worktree: true, options: { quick: true } });
    t.equal(site.args(), '--tests-dir mine --keep --log-format json');
  });
}

t.test('--attach: the run and its stages go on to ccci-stage, and no trigger', async (t) => {
  const site = setUp(finished('green'));
  t.equal(site.run('test', '--attach', 'hand-1', '--stages', 'custom').status, 0);
  t.equal(site.args(), '--attach hand-1 --stages custom --log-format json');
});

t.test('SIGINT: ccci-stage tears down, what it says last is shown, and it is told', async (t) => {
  const site = setUp(sigintStage);
  const child = site.start('test', recipe);
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  child.stdout.on('data', (chunk) => {
    if (!out.includes('x.up') && String(chunk).includes('x.up')) child.kill('SIGINT');
    out += chunk;
  });
  t.equal(await new Promise((resolve) => child.on('close', resolve)), 130, err);
  t.match(out, /x\.torn/, 'its last words');
  t.match(err, /stopping, and removing what was deployed/);
});

t.test('another tool: its arguments, streams and status', async (t) => {
  const site = setUp();
  site.program('ccci-poll', 'echo "$@"; exit 75');
  t.match(site.run('poll', '--once', 'a b'), { status: 75, stdout: '--once a b\n', stderr: '' });
  site.program('ccci-poll', 'kill -TERM $$');
  t.match(site.run('poll'), { status: 143 });
});

t.test('a pull request, without a token: what poll would write, by hand', async (t) => {
  const site = setUp(finished('green'));
  const { commits } = await makeRepository({ recipe: 'good', into: join(site.dir, 'recipes', 'good.git') });
  const forge = await startForge({ root: site.dir, validate: true });
  t.teardown(forge.close);
  forge.addUser('ana');
  forge.addOrganisation('recipes', ['ana']);
  forge.addRepository('recipes', 'good', 'recipes/good.git');
  const number = forge.openPull('recipes', 'good', {
    head: 'pr',
    base: 'main',
    title: 'newer',
    author: 'ana',
  });
  const url = `${forge.url}/recipes/good/pulls/${number}`;
  const { status, stderr } = await ended(site.start('test', url));
  t.equal(status, 0, stderr);
  t.match(site.given(), {
    ...{ type: 'trigger', recipe: 'good', repo: `${forge.url}/recipes/good.git`, ref: commits.pr },
    pr: { number, url, title: 'newer', fork: false, head: { sha: commits.pr }, base: { ref: 'main' } },
  });
  t.notOk('forge' in site.given(), 'nothing is claimed or posted for it');
  const none = await ended(site.start('test', `${forge.url}/recipes/good/pulls/99`));
  t.match(none, { status: 65, stderr: /shows no pull request recipes\/good#99/ });
});

t.test('a run by its page: the same again, and whether it came out the same; wait and explain', async (t) => {
  const site = setUp(finished('red'));
  const files: Record<string, string> = {
    '/runs/gitea-14497/results.json': JSON.stringify(resultsExample),
    '/runs/gitea-14497/events.ndjson': `${JSON.stringify(triggerExample)}\n${JSON.stringify(runFinishedExample)}\n`,
  };
  const server = createServer((request, answer) => {
    const text = files[request.url ?? ''];
    answer.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const page = `http://127.0.0.1:${(server.address() as AddressInfo).port}/runs/gitea-14497/`;
  const again = await ended(site.start('test', page));
  const { repo, ref, pr, recipe: name, options } = triggerExample;
  t.match(site.given(), { type: 'trigger', repo, ref, pr, recipe: name, options });
  t.match(again, { status: 1, stdout: /It came out the same as run gitea-14497: red\./ });

  const waited = await ended(site.start('wait', page));
  t.match(waited, { status: 1, stdout: /^VERDICT=RED RUN=gitea-14497\n$/, stderr: '' });
  const pending = await ended(
    site.start('wait', page.replace('14497', '1'), '--timeout', '1', '--every', '1'),
  );
  t.match(pending, { status: 75, stdout: /^VERDICT=PENDING RUN=gitea-1\n$/ });
  const explained = await ended(site.start('explain', page));
  t.match(explained, { status: 0, stdout: /^RED {2}ghost did not pass: upgrade failed\.$/m });
  t.match(explained.stdout, /ccci test https:\/\/git\.example\.org\/recipes\/ghost\/pulls\/3 --ref 720faa/);
});

t.test('a repository by its address: what a person would write by hand', async (t) => {
  const site = setUp(finished('green'));
  const repo = 'https://git.example.org/recipes/ghost.git';
  const { status, stderr } = site.run('test', repo, '--ref', '1.0.0+6.0.0');
  t.match({ status, stderr }, { status: 0, stderr: `ccci test: testing ${repo}, 1.0.0+6.0.0` });
  t.same(site.given(), { type: 'trigger', repo, ref: '1.0.0+6.0.0', options: {} });
});

t.test('no network: the page cannot be read, and it is said', async (t) => {
  const site = setUp();
  const waiting = ['wait', 'http://127.0.0.1:2/runs/gitea-1/', '--timeout', '1', '--every', '1'];
  t.match(await ended(site.start(...waiting)), { status: 75, stdout: /^VERDICT=PENDING RUN=gitea-1\n$/ });
  const { status, stderr } = await ended(site.start('test', 'http://127.0.0.1:9/runs/gitea-1/'));
  t.match(
    { status, stderr },
    { status: 69, stderr: /cannot read http:\/\/127\.0\.0\.1:9\/runs.*is this machine connected/ },
  );
});

function ended(child: ReturnType<typeof spawn>) {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) =>
    child.on('close', (status) => resolve({ status, stdout, stderr })),
  );
}
