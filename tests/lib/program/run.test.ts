import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';

const program = join(import.meta.dirname, 'scratch', 'main.ts');
const limitMs = 60_000;
const node = process.execPath;

type Ran = { readonly exit: number | null; readonly out: string; readonly err: string };

/** Starts a shell line in which `"$@"` is the scratch program with these arguments; its input stays open. */
function start(args: readonly string[], line = '"$@"'): ChildProcess {
  const child = spawn('bash', ['--norc', '-c', line, 'bash', node, program, ...args], {
    env: { PATH: process.env.PATH, NO_COLOR: '1' },
    timeout: limitMs,
    killSignal: 'SIGKILL',
  });
  child.stdin?.on('error', () => {});
  return child;
}

function ended(child: ChildProcess): Promise<Ran> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, out, err })));
}

function run(args: readonly string[], line?: string): Promise<Ran> {
  const child = start(args, line);
  child.stdin?.end();
  return ended(child);
}

t.jobs = 2;

t.test('--help and --version', async (t) => {
  const help = await run(['--help']);
  t.match(help, { exit: 0, err: '' });
  for (const word of [
    'ccci-scratch',
    'Does what it is told',
    '--do',
    '--config',
    '--state',
    '--log-format',
  ]) {
    t.ok(help.out.includes(word), word);
  }
  t.notMatch(help.out, /\u001b/, 'no colour off a terminal');
  t.match(await run(['--version']), { exit: 0, out: 'ccci-scratch dev\n', err: '' });
  t.match(await run(['--version', '--nonsense']), { exit: 64, out: '' });
});

t.test('exit statuses and what is said', async (t) => {
  t.match(await run(['--do', 'nothing']), { exit: 0, out: '', err: '' });
  t.match(await run(['--do', 'note']), { exit: 75, err: '' });
  t.match(await run(['--do', 'fail']), {
    exit: 69,
    err: 'ccci-scratch: error: the engine is gone (start it)\n',
  });
  const bug = await run(['--do', 'bug']);
  t.equal(bug.exit, 70);
  t.match(bug.err, /^ccci-scratch: error: this is a bug: TypeError: oops\n {6,}at /, 'with its stack');
  t.match(await run(['--do', 'background']), { exit: 70, err: /this is a bug: TypeError: oops behind/ });
  t.match(await run(['--do', 'forget']), { exit: 70, err: /this is a bug: .*waits for something/ });
  t.match(await run(['--nonsense']), {
    exit: 64,
    err: /^ccci-scratch: error: unknown flag --nonsense \(.*\)\n$/,
  });
});

t.test('log formats', async (t) => {
  const text = await run(['--do', 'say']);
  const word = 'a \\u001b[31mword\n';
  t.equal(text.err, ['', 'warning: ', 'error: '].map((level) => `ccci-scratch: ${level}${word}`).join(''));
  const json = await run(['--do', 'say', '--log-format', 'json']);
  const lines = json.err.trim().split('\n');
  t.match(
    lines.map((line) => JSON.parse(line)),
    ['info', 'warning', 'error'].map((level) => ({
      level,
      program: 'ccci-scratch',
      message: 'a \u001b[31mword',
    })),
  );
  t.match(await run(['--do', 'say', '--log-format', 'xml']), {
    exit: 64,
    err: /"xml"; expected text or json/,
  });
});

t.test('records, whole and in order', async (t) => {
  const { exit, out, err } = await run(['--do', 'records', '--count', '3000']);
  t.match({ exit, err }, { exit: 0, err: 'ccci-scratch: all records were read\n' });
  const indices = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).index);
  t.same(indices, [...Array(3000).keys()]);
  const slow = await run(
    ['--do', 'records', '--count', '20000'],
    '"$@" | while read -rN 65536 _; do n=$((n + 1)); done; echo "$n"',
  );
  t.match(slow, { exit: 0, err: 'ccci-scratch: all records were read\n' }, 'through a full pipe');
  const file = await run(['--do', 'records', '--count', '3000'], 'f=$(mktemp); "$@" >$f; wc -l <$f; rm $f');
  t.match(file, { exit: 0, out: '3000\n' }, 'into a file');
});

t.test('a reader that leaves', async (t) => {
  const line = 'set -o pipefail; "$@" | head -n1';
  const { exit, out, err } = await run(['--do', 'records', '--count', '20000'], line);
  t.equal(exit, 0, 'is no error');
  t.match(JSON.parse(out), { index: 0 });
  t.equal(
    err,
    'ccci-scratch: closed: EPIPE\nccci-scratch: all records were read\n',
    '`closed` aborts, and the records are read to their end',
  );
  const gone = 'set -o pipefail; (sleep 0.2; exec "$@") | true';
  for (const args of [['--help'], ['--version'], ['--do', 'texts', '--count', '500']]) {
    t.match(await run(args, gone), { exit: 0, err: '' }, args.join(' '));
  }
});

t.test('a full disk', async (t) => {
  const expected = /cannot write standard output: .*ENOSPC.*\(make space/;
  const { exit, err } = await run(['--do', 'records', '--count', '20000'], '"$@" >/dev/full');
  t.equal(exit, 74);
  t.match(err, /closed: ENOSPC[\s\S]*all records were read/, 'what goes on is told, and comes to its end');
  t.match(err, expected);
  t.match(await run(['--do', 'records', '--count', '1'], '"$@" >/dev/full'), { exit: 74, err: expected });
  t.match(await run(['--help'], '"$@" >/dev/full'), { exit: 74, err: expected });
  t.match(await run(['--version'], '"$@" >/dev/full'), { exit: 74, err: expected });
});

t.test('streams that are not there', async (t) => {
  t.match(await run(['--do', 'fail'], '"$@" 2>&-'), { exit: 69, err: '' }, 'standard error is closed');
  t.match(await run(['--do', 'fail'], '"$@" 2>/dev/full'), { exit: 69 }, 'standard error is full');
  t.match(await run(['--do', 'fail'], '{ "$@" 2>&1 >&3 | true; exit ${PIPESTATUS[0]}; } 3>&1'), { exit: 69 });
  t.match(await run(['--version'], '"$@" >&-'), { exit: 0, err: '' }, 'standard output is closed');
  t.match(await run(['--do', 'copy'], '"$@" <&-'), { exit: 0, err: '' }, 'standard input is closed');
  const unreadable = /^ccci-scratch: error: cannot read standard input: /;
  t.match(
    await run(['--do', 'copy'], '"$@" </'),
    { exit: 74, err: unreadable },
    'standard input is a folder',
  );
  const writeOnly = 'f=$(mktemp); "$@" 0>$f; status=$?; rm $f; exit $status';
  t.match(await run(['--do', 'copy'], writeOnly), { exit: 74, err: unreadable }, 'it cannot be read');
});

t.test('standard input is a terminal', async (t) => {
  const line = 'script -qec "$(printf "%q " "$@")" /dev/null';
  const { exit, out } = await run(['--do', 'copy'], line);
  t.equal(exit, 64);
  t.match(out, /standard input is a terminal, but records are expected/);
  t.match(await run(['--do', 'nothing'], line), { exit: 0 }, 'no matter to a program that does not read');
});

for (const act of ['nothing', 'ignore', 'leave', 'pending']) {
  t.test(`the end comes at once while standard input is open: ${act}`, async (t) => {
    const child = start(['--do', act]);
    const end = ended(child);
    child.stdin?.write('a line\n');
    t.match(await end, { exit: 0, err: '' });
  });
}

t.test('input comes as it comes', async (t) => {
  const child = start(['--do', 'copy']);
  const end = ended(child);
  for (const text of ['one\n', 'three\n']) {
    child.stdin?.write(text);
    const answer = await new Promise((resolve) => child.stdout?.once('data', resolve));
    t.match(JSON.parse(String(answer)), { type: 'chunk', bytes: text.length }, 'no line waits for the next');
  }
  child.stdin?.end();
  t.match(await end, { exit: 0 });
});

const signals = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const;

for (const [signal, status] of signals) {
  t.test(`${signal} once`, async (t) => {
    const child = start(['--do', 'wait'], 'exec "$@"');
    const end = ended(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill(signal);
    t.match(await end, { exit: status, err: `ccci-scratch: stopped by ${signal}\n` });
  });

  t.test(`${signal} twice`, async (t) => {
    const child = start(['--do', 'wait', '--count', '2'], 'exec "$@"');
    const end = ended(child);
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    child.kill(signal);
    await new Promise((resolve) => child.stderr?.once('data', resolve));
    child.kill(signal);
    t.match(await end, { exit: status }, 'ends at once');
  });
}
