import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';

const scripts = join(import.meta.dirname, '..', '..', 'scripts');
const quote = JSON.stringify;

/** Runs a line of code with the set-up's own modules at hand, as set-up would. */
function setup(code: string, env: Record<string, string> = {}) {
  return spawnSync(process.execPath, ['--input-type=module', '-e', program(code)], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 60_000,
  });
}

function program(code: string): string {
  return `
    import { runFiles } from ${quote(join(scripts, 'setup/chain.mjs'))};
    import { installSystemParts } from ${quote(join(scripts, 'setup/system.mjs'))};
    const chain = (files, rest = []) => runFiles({ root: '.', node: process.execPath, files, rest });
    try { process.exitCode = ${code}; }
    catch (error) { console.error(error.message); process.exitCode = error.status; }`;
}

t.test('--help, and what is no usage', async (t) => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(scripts, 'setup.mjs'), ...args], { encoding: 'utf8' });
  t.match(run('--help'), { status: 0, stdout: /^Usage: /, stderr: '' });
  t.match(run('--than', 'x'), { status: 64, stdout: '', stderr: /unknown argument "--than"/ });
  t.match(run('--then'), { status: 64, stderr: /--then needs a file/ });
});

t.test('files run one after the other; the last one gets the arguments', async (t) => {
  const dir = t.testdir({
    'a.cjs': 'console.log("a", process.argv.slice(2))',
    'b.cjs': 'console.log("b", process.argv.slice(2)); process.exitCode = 7',
    'kill.cjs': 'process.kill(process.pid, "SIGKILL")',
  });
  const files = (...names: string[]) => quote(names.map((name) => join(dir, name)));
  t.match(setup(`await chain(${files('a.cjs', 'b.cjs')}, ['--x', 'y'])`), {
    status: 7,
    stdout: "a []\nb [ '--x', 'y' ]\n",
  });
  t.match(
    setup(`await chain(${files('b.cjs', 'a.cjs')})`),
    { status: 7, stdout: 'b []\n' },
    'a failure ends the chain',
  );
  t.match(setup(`await chain(${files('kill.cjs')})`), { status: 137 });
});

t.test('a signal is the file’s to answer; set-up waits, and nothing more is started', async (t) => {
  const dir = t.testdir({
    'slow.cjs': `process.once('SIGTERM', () => { console.log('cleaned'); clearInterval(wait); });
      const wait = setInterval(() => {}, 1000); console.log('ready');`,
    'next.cjs': 'console.log("next")',
  });
  const code = `await chain(${quote([join(dir, 'slow.cjs'), join(dir, 'next.cjs')])})`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program(code)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    said += text;
    if (text.includes('ready')) child.kill('SIGTERM');
  });
  t.same(await once(child, 'close'), [143, null]);
  t.equal(said, 'ready\ncleaned\n');
});

t.test('the Node that is picked is no shell script, so that a signal reaches it', async (t) => {
  const root = join(scripts, '..');
  const { stdout } = setup(
    `console.log((await import(${quote(join(scripts, 'setup/dependencies.mjs'))})).pickNode(${quote(root)}))`,
  );
  t.equal(readFileSync(stdout.trim()).subarray(1, 4).toString(), 'ELF');
});

t.test('a missing part is named, with what to do', async (t) => {
  const { status, stderr } = setup('await installSystemParts()', {
    PATH: pathWithout(t, 'jq'),
    IN_NIX_SHELL: '1',
  });
  t.equal(status, 69);
  t.match(stderr, /missing: jq; inside `nix develop` nothing is installed/);
});

t.test('a busybox that is not static is missing', async (t) => {
  const PATH = `${t.testdir({ busybox: t.fixture('symlink', '/bin/sh') })}:${process.env.PATH}`;
  t.match(
    setup('await installSystemParts()', { PATH, IN_NIX_SHELL: '1' }).stderr,
    /missing: busybox \(static\)/,
  );
});

t.test('a Docker client that is too old is answered with what to install', async (t) => {
  const old = '#!/bin/sh\necho "Docker version 20.10.24+dfsg1, build 297e128"\n';
  const dir = t.testdir({ docker: old });
  spawnSync('chmod', ['+x', join(dir, 'docker')]);
  const { status, stderr } = setup('await installSystemParts()', {
    PATH: `${dir}:${process.env.PATH}`,
    IN_NIX_SHELL: '1',
  });
  t.equal(status, 69);
  t.match(stderr, /docker on PATH \(.*\/docker\) is 20\.10\.24.*23 or newer is needed.*docker-ce-cli/);
});

/** The PATH of this machine without one command. */
function pathWithout(t: Test, hidden: string): string {
  const content: NonNullable<Parameters<Test['testdir']>[0]> = {};
  for (const folder of (process.env.PATH ?? '').split(':').reverse()) {
    for (const name of list(folder)) {
      if (name !== hidden) content[name] = t.fixture('symlink', join(folder, name));
    }
  }
  return t.testdir(content);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
