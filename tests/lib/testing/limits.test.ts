import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findPython } from '@ccci/lib/testing/python.ts';
import { runTestFile } from '@ccci/lib/testing/run-file.ts';
import { execa } from 'execa';
import t, { type Test } from 'tap';

type Given = {
  readonly name?: string;
  readonly timeoutMs?: number;
  readonly runner?: 'tap' | 'node' | 'pytest';
};

t.setTimeout(600_000);

const word = `ccci-limits-${process.pid}`;

/** Runs a file in the sandbox; afterwards nothing of it may be running. */
async function run(
  t: Test,
  lines: readonly string[],
  { name = 'check', timeoutMs = 60_000, runner = 'tap' }: Given = {},
) {
  const tree = join(t.testdir(), 'tree');
  await mkdir(tree);
  const file = join(tree, name);
  await writeFile(file, `${lines.join('\n')}\n`);
  await chmod(file, 0o755);
  const seen: string[] = [];
  const result = await runTestFile({
    file,
    runner,
    tree,
    env: { WORD: word },
    hosts: [],
    timeoutMs,
    signal: new AbortController().signal,
    onLine: (line) => {
      if (seen.length < 10_000) seen.push(line);
    },
  });
  const { stdout } = await execa('ps', ['axeo', 'args=']);
  t.notOk(
    stdout.split('\n').some((line) => line.includes(`WORD=${word}`) && !line.startsWith('ps ')),
    'nothing is left running',
  );
  return { ...result, seen };
}

t.test('a fork bomb is held, ended at the time limit, and gone', async (t) => {
  const bomb = [
    '#!/bin/sh',
    'echo "ok 1 - begun"',
    'bomb() { bomb & bomb & wait; }',
    'bomb 2>/dev/null',
    'while :; do sleep 1; done',
  ];
  const { cases } = await run(t, bomb, { timeoutMs: 4_000 });
  t.match(cases.at(-1), { name: 'check', status: 'fail', message: /^did not end within 4 s/ });
  const { cases: next } = await run(t, ['#!/bin/sh', 'echo "ok 1 - still here"; echo 1..1']);
  t.match(next, [{ name: 'still here', status: 'pass' }]);
});

t.test(
  'memory without end is a failure of the file, in words',
  { skip: (await findPython()) === null && 'no pytest here' },
  async (t) => {
    const { cases } = await run(
      t,
      ['def test_hog():', '    hog = bytearray(6 * 1024 ** 3)', '    assert hog'],
      { name: 'test_hog.py', runner: 'pytest' },
    );
    t.match(cases, [{ name: 'test_hog', status: 'fail', message: /MemoryError/ }]);
  },
);

t.test('files without end stop at the size of /tmp', async (t) => {
  const { cases } = await run(t, [
    '#!/bin/sh',
    'echo 1..2',
    'for at in /tmp /dev/shm; do',
    '  dd if=/dev/zero of=$at/big bs=1M count=2000 2>/dev/null && echo "not ok - $at" || echo "ok - $at"',
    'done',
  ]);
  t.match(cases, [
    { name: '/tmp', status: 'pass' },
    { name: '/dev/shm', status: 'pass' },
  ]);
});

t.test('output without end: ended at 64 MiB, said so, little of it kept', async (t) => {
  const { cases, output } = await run(t, [
    '#!/bin/sh',
    'echo "ok 1 - begun"',
    'yes "a line of a hundred letters or so, to be quick about it: .................................."',
  ]);
  t.match(cases, [
    { name: 'begun', status: 'pass' },
    { name: 'check', status: 'fail', message: 'wrote more than 64 MiB of output, and was ended' },
  ]);
  t.ok(output.length <= 8 * 1024 * 1024, `${output.length} characters are kept`);
});

t.test('more output than is kept, and less than the limit: TAP that was not read is no pass', async (t) => {
  const { cases } = await run(t, [
    '#!/bin/sh',
    'echo "ok 1 - begun"',
    'dd if=/dev/zero bs=1M count=20 2>/dev/null | tr "\\0" "x"',
    'echo; echo 1..1',
  ]);
  t.match(cases, [
    { name: 'begun', status: 'pass' },
    { name: 'check', status: 'fail', message: /was not read as TAP/ },
  ]);
});

t.test('binary output, no line ends, huge lines: points around them count', async (t) => {
  const { cases, seen } = await run(t, [
    '#!/bin/sh',
    'echo 1..2; echo "ok 1 - before"',
    'dd if=/dev/urandom bs=1k count=200 2>/dev/null',
    'echo; printf "%0100000d\\n" 7',
    'echo "ok 2 - behind"',
  ]);
  t.ok(cases.some(({ name, status }) => name === 'before' && status === 'pass'));
  t.ok(
    cases.some(({ name, status }) => name === 'behind' && status === 'pass'),
    JSON.stringify(cases).slice(0, 1000),
  );
  t.ok(
    seen.every((line) => line.length <= 16 * 1024),
    'no line is longer than what is passed on',
  );
});

t.test('what stays in the background ends with the file, and does not hold it up', async (t) => {
  const started = performance.now();
  const { cases } = await run(t, [
    '#!/bin/sh',
    'setsid sh -c "trap \'\' TERM HUP; while :; do sleep 1; done" &',
    'echo 1..1; echo "ok 1 - done"',
  ]);
  t.same(cases, [{ name: 'done', status: 'pass', ms: 0, message: null }]);
  t.ok(performance.now() - started < 20_000);
});

t.test('standard output closed early: what was said counts, and the end is waited for', async (t) => {
  const { cases, exitCode } = await run(t, [
    '#!/bin/sh',
    'echo 1..1; echo "ok 1 - said"',
    'exec >&- 2>&-',
    'sleep 1',
    'exit 7',
  ]);
  t.equal(exitCode, 7);
  t.match(cases, [
    { name: 'said', status: 'pass' },
    { status: 'fail', message: /ended with status 7/ },
  ]);
});

t.test(
  'a report of pytest that a test wrote over is a failure',
  { skip: (await findPython()) === null && 'no pytest here' },
  async (t) => {
    const { cases } = await run(
      t,
      [
        'import atexit, os',
        'atexit.register(lambda: open("/tmp/ccci-junit.xml", "w").write("<testsuite><broken"))',
        'def test_one(): pass',
      ],
      { name: 'test_one.py', runner: 'pytest' },
    );
    t.match(cases, [{ status: 'fail', message: 'the report of pytest cannot be read' }]);
  },
);
