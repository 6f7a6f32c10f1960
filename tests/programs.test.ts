import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorExample } from '@ccci/lib/records/error.ts';
import fastGlob from 'fast-glob';
import t from 'tap';

const bin = join(import.meta.dirname, '..', 'dist', 'bin');
const programs = fastGlob.sync('ccci-*', { cwd: bin }).sort();
/** What the front door does itself; each is a program of its own to whoever types it. */
const commands = ['doctor', 'explain', 'lint', 'test', 'wait'].map((name) => `ccci ${name}`);
/** Programs that read nothing: where they begin, records begin. */
const sources = ['ccci-hook', 'ccci-janitor', 'ccci-poll', 'ccci-sweep', 'ccci-units'];
/** Programs that read records from standard input. */
const filters = programs.filter((name) => !sources.includes(name));
const limitMs = 30_000;

type Ran = { readonly exit: number | null; readonly out: string; readonly err: string };
type Input = { readonly args?: readonly string[]; readonly input?: string; readonly node?: string };

const scratch = mkdtempSync(join(tmpdir(), 'ccci-programs-'));
t.teardown(() => rmSync(scratch, { recursive: true, force: true }));

/** A fresh, empty state for each call, an engine that is not there, and nothing of the tests' own configuration. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: scratch,
    CCCI_STATE: mkdtempSync(join(scratch, 'state-')),
    DOCKER_HOST: 'unix:///nonexistent/docker.sock',
  };
}

function run(name: string, { args = [], input = '', node = process.execPath }: Input): Promise<Ran> {
  return new Promise((resolve) => {
    const [program = '', ...command] = name.split(' ');
    const child = execFile(
      node,
      [join(bin, program), ...command, ...args],
      { env: environment(), timeout: limitMs, killSignal: 'SIGKILL', cwd: scratch },
      (_error, out, err) => resolve({ exit: child.exitCode, out, err }),
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
  });
}

t.test('all programs are built', async (t) => {
  const names = ['dedupe', 'discover', 'hook', 'janitor', 'poll', 'report', 'stage', 'sweep', 'units'];
  t.same(
    programs,
    names.map((name) => `ccci-${name}`),
  );
});

for (const name of [...programs, ...commands]) {
  t.test(name, async (t) => {
    const help = await run(name, { args: ['--help'] });
    t.equal(help.exit, 0, '--help ends with 0');
    t.match(help.out, new RegExp(name), '--help is on standard output');
    t.match(help.out, /--config/);
    t.equal(help.err, '', '--help says nothing on standard error');
    t.notMatch(help.out, /\u001b/, 'no colour off a terminal');

    const version = await run(name, { args: ['--version'] });
    t.match(version, { exit: 0, err: '' });
    t.match(version.out, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\n$`));

    const unknown = await run(name, { args: ['--stat', 'x'] });
    t.equal(unknown.exit, 64, 'an unknown flag is 64');
    t.match(unknown.err, new RegExp(`^${name}: error: unknown flag --stat; did you mean --state\\? .*\\n$`));
    t.equal(unknown.out, '');

    const stray = await run(name, { args: name === 'ccci doctor' ? ['stray'] : ['first', 'stray'] });
    t.equal(stray.exit, 64, 'a stray word is 64');
    t.match(stray.err, commands.includes(name) ? /argument "stray"/ : /unexpected argument "(stray|first)"/);

    const valueless = await run(name, { args: ['--config'] });
    t.equal(valueless.exit, 64, 'a flag without its value is 64');

    const absent = await run(name, { args: ['--config', 'absent.json'] });
    t.equal(absent.exit, 78, 'a configuration that is not there is 78');
    t.match(absent.err, /cannot read configuration: .*absent\.json/);

    const logged = await run(name, { args: ['--config', 'absent.json', '--log-format', 'json'] });
    t.match(
      JSON.parse(logged.err),
      { level: 'error', program: name },
      'one JSON object per line with --log-format json',
    );
  });
}

t.test('ccci, the front door', async (t) => {
  const short = await run('ccci', {});
  t.match(short, { exit: 0, err: '' });
  for (const first of ['ccci doctor', 'ccci lint DIR', 'ccci test DIR']) t.match(short.out, first);
  t.same(await run('ccci', { args: ['--help'] }), short);
  t.same(await run('ccci', { args: ['help'] }), short);
  t.match(await run('ccci', { args: ['--version'] }), { exit: 0, out: /^ccci \d+\.\d+\.\d+\n$/ });
  for (const command of commands) {
    const word = command.split(' ')[1] as string;
    t.match(short.out, command);
    t.same(await run('ccci', { args: ['help', word] }), await run(command, { args: ['--help'] }));
  }
  const typo = await run('ccci', { args: ['docotr'] });
  t.match(typo, {
    exit: 64,
    out: '',
    err: /^ccci: error: unknown command "docotr"; did you mean doctor\? .*\n$/,
  });
  const nearTool = await run('ccci', { args: ['pol'] });
  t.match(nearTool, { exit: 64, err: /did you mean poll\?/ });
  for (const name of programs) {
    const tool = name.slice('ccci-'.length);
    t.same(await run('ccci', { args: [tool, '--version'] }), await run(name, { args: ['--version'] }));
  }
});

for (const name of filters) {
  t.test(`${name} as a filter`, async (t) => {
    const empty = await run(name, { input: '' });
    t.match(empty, { exit: 0, out: '' }, 'empty input is no error');

    const foreign = '{"type":"x.unknown","a":[1,{"b":null}],"z":"ü"}\n{"type":"another"}\n';
    const passed = await run(name, { input: foreign });
    t.equal(passed.exit, 0);
    t.equal(passed.out, foreign, 'unknown types go through untouched and in order');

    const bad = await run(name, { input: 'hello\n{"type":"x.unknown"}\n[1]\nnull\n{"type":"tri' });
    t.equal(bad.exit, 65, 'bad lines are 65');
    const types = bad.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).type);
    t.same(
      types,
      ['error', 'x.unknown', 'error', 'error', 'error'],
      'each bad line is an error record, nothing is lost',
    );
    t.match(bad.err, /line 1 is not JSON/);
    t.match(JSON.parse(bad.out.split('\n')[0] as string), { line: 'hello', bytes: 5, sha256: /^2cf24dba/ });

    const invalid = await run(name, { input: '{"type":"tick","v":1}\n' });
    t.equal(invalid.exit, 65, 'a record without what is needed is 65');
    t.match(JSON.parse(invalid.out), { type: 'error', message: /tick.*cursors/ });

    const long = await run(name, {
      input: `{"type":"x","a":"${'y'.repeat(1024 * 1024)}"}\n{"type":"x.after"}\n`,
    });
    t.equal(long.exit, 65, 'a line over the limit is 65');
    t.match(long.out, /"type":"error".*at most 1048576 are allowed[\s\S]*x\.after/);
  });

  t.test(`${name} and a reader that leaves`, async (t) => {
    const child = spawn(
      'sh',
      ['-c', `"${process.execPath}" "${join(bin, name)}" | head -n 1 >/dev/null; echo "\${PIPESTATUS}"`],
      {
        env: environment(),
        cwd: scratch,
        stdio: ['pipe', 'pipe', 'pipe'],
        timeout: limitMs,
      },
    );
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    child.stdin.on('error', () => {});
    const line = `{"type":"x.unknown","pad":"${'p'.repeat(1000)}"}\n`;
    child.stdin.end(line.repeat(5000));
    await new Promise((resolve) => child.on('close', resolve));
    t.equal(err, '', 'nothing is said about a closed pipe');
  });

  t.test(`${name} and SIGTERM`, async (t) => {
    const child = spawn(process.execPath, [join(bin, name)], {
      env: environment(),
      cwd: scratch,
      timeout: limitMs,
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
    child.stdin.write('{"type":"x.unknown"}\n');
    await new Promise((resolve) => child.stdout.once('data', resolve));
    child.kill('SIGTERM');
    child.stdin.write('{"type":"x.last.words"}\n');
    let out = '';
    child.stdout.on('data', (chunk) => {
      out += chunk;
    });
    child.stdin.end();
    t.equal(await ended, 143, 'SIGTERM is 143 at the end of its input');
    t.match(out, /x\.last\.words/, 'a filter goes on reading until the end of its input');
  });
}

for (const name of ['ccci-poll', 'ccci-sweep']) {
  t.test(`${name} with nothing to ask, and an input that nobody ends`, async (t) => {
    const child = spawn(process.execPath, [join(bin, name)], {
      env: environment(),
      cwd: scratch,
      timeout: limitMs,
    });
    const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
    let err = '';
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    t.equal(await ended, 78, 'without any forge there is nothing to do');
    t.match(err, /(nothing is enrolled.*\(name a forge|no forge has a secret.*\(put a long)/);
  });
}

/** Starts the hook with what it needs; its standard input stays open, and says something that nobody reads. */
async function startHook(node: string) {
  const dir = mkdtempSync(join(scratch, 'hook-'));
  const forge = {
    url: 'http://127.0.0.1:1',
    organisations: ['recipes'],
    hookSecretFile: join(dir, 'secret'),
  };
  writeFileSync(join(dir, 'secret'), 'word\n');
  writeFileSync(join(dir, 'config.json'), JSON.stringify({ forges: { git: forge } }));
  const args = [join(bin, 'ccci-hook'), '--config', join(dir, 'config.json'), '--port', '0'];
  const child = spawn(node, args, { env: environment(), cwd: scratch, timeout: limitMs });
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.write('{"type":"x.unknown"}\n');
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      err += chunk;
      const [, address] = /listening on (\S+)\n/.exec(err) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.on('close', () => reject(new Error(err)));
  });
  return { child, url, ended: async () => ({ exit: await ended, out, err }) };
}

const nodes = [process.execPath, process.env.CCCI_SYSTEM_NODE ?? '/usr/bin/node'];

for (const node of nodes) {
  t.test(`many words, under ${node}`, async (t) => {
    const input = `${JSON.stringify(errorExample)}\n`.repeat(50);
    const { out, err } = await run('ccci-report', { args: ['--format', 'text'], input, node });
    t.equal(out.trim().split('\n').length, 50);
    // Node 20 warns of listeners that pile up.
    t.equal(err, '');
  });

  t.test(`hook serves until it is told to end, under ${node}`, async (t) => {
    const { child, url, ended } = await startHook(node);
    const health = await fetch(`${url}/healthz`);
    t.equal(`${health.status} ${await health.text()}`, '200 ok');
    const refused = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    t.equal(refused.status, 401);
    child.kill('SIGTERM');
    t.match(await ended(), { exit: 143, out: '', err: /^ccci-hook: listening on .*\n$/ });
  });

  t.test(`folders that cannot be made, under ${node}`, async (t) => {
    const inTheWay = join(scratch, 'in-the-way');
    writeFileSync(inTheWay, '');
    for (const [state, hint] of [
      // Node 20 looks for its parents for ever.
      ['/proc/x', 'choose another place'],
      [join(inTheWay, 'deep'), 'a file is in the way'],
    ] as const) {
      const { exit, out, err } = await run('ccci-dedupe', { args: ['--state', state], node });
      t.match({ exit, out }, { exit: 74, out: '' }, state);
      t.ok(err.startsWith(`ccci-dedupe: error: cannot make folder ${state}`), err);
      t.ok(err.includes(hint), err);
    }
  });
}

t.test('the programs start under the Node of the machine', async (t) => {
  const node = process.env.CCCI_SYSTEM_NODE ?? '/usr/bin/node';
  for (const name of [...programs, 'ccci']) {
    const { exit, out } = await run(name, { args: ['--version'], node });
    t.equal(exit, 0, `${name} under ${node}`);
    t.match(out, new RegExp(name));
  }
});
