import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { findPython } from '@ccci/lib/testing/python.ts';
import { nodeCommand, runTestFile, type TestFileOptions } from '@ccci/lib/testing/run-file.ts';
import t from 'tap';

type Given = Partial<TestFileOptions> & { readonly name: string; readonly text: string };

let number = 0;
async function run(dir: string, { name, text, ...more }: Given) {
  number += 1;
  const tree = join(dir, `tree-${number}`);
  const file = join(tree, name);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await chmod(file, name.includes('.') ? 0o644 : 0o755);
  const runner = name.endsWith('.py') ? 'pytest' : name.includes('.test.') ? 'node' : 'tap';
  const usual = { env: {}, hosts: [], timeoutMs: 60_000, signal: new AbortController().signal };
  return await runTestFile({ ...usual, runner, tree, file, ...more });
}

const sh = (...lines: string[]) => ['#!/bin/sh', ...lines, ''].join('\n');

/** Processes of the whole machine whose command line has the word. */
async function running(word: string): Promise<string[]> {
  const { execFileSync } = await import('node:child_process');
  return execFileSync('ps', ['axo', 'args='])
    .toString()
    .split('\n')
    .filter((line) => line.includes(word) && !line.startsWith('ps '));
}

t.test('Node: cases of TypeScript tests, nested ones too', async (t) => {
  const text = `import { test } from 'node:test';
import assert from 'node:assert/strict';
const port: number = 1;
test('passes', () => assert.equal(port, 1));
test('group', async (t) => {
  await t.test('inner', () => assert.equal(port, 2));
  await t.test('left out', { skip: 'no mail here' }, () => {});
});
`;
  const { cases, exitCode, note } = await run(t.testdir(), { name: 'custom/a.test.ts', text });
  t.match(cases, [
    { name: 'passes', status: 'pass', message: null },
    { name: 'group > inner', status: 'fail', message: /1 !== 2/ },
    { name: 'group > left out', status: 'skip', message: 'no mail here' },
  ]);
  t.match({ exitCode, note }, { exitCode: 1, note: null });
});

t.test('Node too old for TypeScript is unver, in words', async (t) => {
  t.match(nodeCommand('/tests/a.test.ts', '20.19.0'), {
    missing: /a\.test\.ts needs Node 22\.18 or newer, this is 20\.19\.0/,
  });
  t.match(nodeCommand('/tests/a.test.mjs', '20.19.0'), {
    command: [/node$/, '--test-reporter=tap', '/tests/a.test.mjs'],
  });
  t.match(nodeCommand('/tests/a.test.ts', '22.18.0'), { command: Array });
});

t.test('TAP: points, plan, exit status', async (t) => {
  const dir = t.testdir();
  const tap = async (...lines: string[]) => (await run(dir, { name: 'check', text: sh(...lines) })).cases;
  t.match(await tap('echo "1..2"; echo "ok 1 - a"; echo words; echo "not ok 2 - b"'), [
    { name: 'a', status: 'pass' },
    { name: 'b', status: 'fail', message: 'failed' },
  ]);
  t.match(await tap('echo "1..2"; echo "ok 1 - a"'), [
    { status: 'pass' },
    { status: 'fail', message: /incorrect number.*plan of 2/ },
  ]);
  t.match(await tap('echo "ok 1 - a"; echo "1..1"; echo broke >&2; exit 3'), [
    { status: 'pass' },
    { name: 'check', status: 'fail', message: 'every test passed, but it ended with status 3: broke' },
  ]);
});

t.test('L55 nothing asserted is a fail: nothing said, only skips, no test at all', async (t) => {
  const dir = t.testdir();
  const none = { status: 'fail', message: /^no assertion ran; it ended with status 0/ };
  t.match((await run(dir, { name: 'silent', text: sh('exit 0') })).cases, [none]);
  const skipped = sh('echo "1..1"; echo "ok 1 - a # SKIP not here"');
  t.match((await run(dir, { name: 'skips', text: skipped })).cases, [
    { name: 'a', status: 'skip', message: 'not here' },
    none,
  ]);
  t.match((await run(dir, { name: 'a.test.mjs', text: 'console.log("hello")\n' })).cases, [none]);
  const broken = await run(dir, { name: 'b.test.ts', text: 'const x: = 1;\n' });
  t.match(broken.cases, [{ status: 'fail', message: /^no assertion ran; .*SyntaxError/ }]);
  const lost = await run(dir, { name: 'lost', text: '#!/no/such/interpreter\n' });
  t.match(lost.cases, [{ status: 'fail', message: /^no assertion ran; it ended with status 1/ }]);
});

t.test(
  'pytest: cases from its report',
  { skip: (await findPython()) === null && 'no pytest here' },
  async (t) => {
    const text = `import pytest
def test_good(): assert True
def test_bad(): assert 1 == 2, "one is not two"
@pytest.mark.skip(reason="no mail")
def test_left(): pass
`;
    const { cases } = await run(t.testdir(), { name: 'custom/test_posts.py', text });
    t.match(cases, [
      { name: 'test_good', status: 'pass', message: null },
      { name: 'test_bad', status: 'fail', message: /one is not two/ },
      { name: 'test_left', status: 'skip', message: 'no mail' },
    ]);
    const broken = await run(t.testdir(), { name: 'test_x.py', text: 'import nothing_like_this\n' });
    t.match(broken.cases, [{ status: 'fail', message: /nothing_like_this/ }]);
    const empty = await run(t.testdir(), { name: 'test_x.py', text: 'x = 1\n' });
    t.match(empty.cases, [{ status: 'fail', message: /^no assertion ran; it ended with status 5/ }]);
  },
);

t.test('it gets names, certificates, state and variables, and reaches the app', async (t) => {
  const server = createServer((request, response) => response.end(`hello ${request.headers.host}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const dir = t.testdir({ 'ca.pem': 'a certificate', 'state.json': '{"seen":1}' });
  const text = `import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
test('app', async () => {
  const answer = await fetch('http://app.ccci.test:${port}/');
  assert.equal(await answer.text(), 'hello app.ccci.test:${port}');
});
test('env', () => {
  assert.equal(process.env.CCCI_STACK, 'stack');
  assert.equal(process.env.LD_PRELOAD, undefined);
  assert.equal(readFileSync(process.env.CCCI_STAGE_STATE, 'utf8'), '{"seen":1}');
  for (const name of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE']) {
    assert.equal(readFileSync(process.env[name], 'utf8'), 'a certificate', name);
  }
});
`;
  const { cases } = await run(dir, {
    name: 'a.test.mjs',
    text,
    env: { CCCI_STACK: 'stack', LD_PRELOAD: '/x.so' },
    hosts: [{ name: 'app.ccci.test', address: '127.0.0.1' }],
    caFile: join(dir, 'ca.pem'),
    stateFile: join(dir, 'state.json'),
  });
  t.match(cases, [
    { name: 'app', status: 'pass' },
    { name: 'env', status: 'pass' },
  ]);
});

t.test('a test sees its tree and programs, and nothing of the machine or of us', async (t) => {
  const dir = t.testdir({ secret: 'of the run' });
  process.env.CCCI_TOKEN_OF_OURS = 'hush';
  const text = sh(
    'point() { n=$((n+1)); if "$@"; then echo "ok $n - $*"; else echo "not ok $n - $*"; fi; }',
    'absent() { ! test -e "$1"; }',
    'readonly_at() { ! touch "$1/x" 2>/dev/null; }',
    'nobody() { test "$(id -u)" = 65534 && test "$(id -g)" = 65534 && test "$(id -G)" = 65534; }',
    'unheard() { ! cat /proc/*/environ 2>/dev/null | tr "\\0" "\\n" | grep -q CCCI_TOKEN_OF_OURS; }',
    'alone() { test "$(ls /proc | grep -c "^[0-9]*$")" -lt 12; }',
    'powerless() { test -z "$(grep -E "^Cap(Eff|Prm|Bnd)" /proc/self/status | grep -v 0000000000000000)"; }',
    'point absent /var/run/docker.sock; point absent /run; point absent /var; point absent /root',
    `point absent ${dir}; point absent /etc/shadow; point absent /sys; point absent /home`,
    'point readonly_at /tests; point readonly_at /; point readonly_at /usr; point readonly_at /etc',
    'point touch /tmp/mine; point test -r /tests/see; point nobody; point unheard; point alone',
    'point sh -c "! echo x > /proc/sys/kernel/hostname" 2>/dev/null',
    process.getuid?.() === 0 ? 'point powerless' : '',
    'echo "1..$n"',
  );
  const { cases } = await run(dir, { name: 'see', text });
  t.ok(cases.length >= 18, `${cases.length} cases`);
  for (const { name, status, message } of cases) t.equal(status, 'pass', `${name} ${message ?? ''}`);
  delete process.env.CCCI_TOKEN_OF_OURS;
});

t.test("L22 /tmp is a test's own, and gone behind it", async (t) => {
  const text = sh(
    'echo 1..1; test -e /tmp/counter && echo "not ok 1 - mine" || echo "ok 1 - mine"; echo 1 > /tmp/counter',
  );
  const dir = t.testdir();
  for (const _ of [1, 2]) t.match((await run(dir, { name: 'count', text })).cases, [{ status: 'pass' }]);
});

t.test('L23 at the time limit all is gone, also what left its group', async (t) => {
  const word = `ccci-sleeper-${process.pid}`;
  const text = sh(
    `for i in 1 2 3 4 5 6 7 8 9 10; do setsid sh -c "trap '' TERM; : ${word}; sleep 600; :" & done`,
    'trap "" TERM; echo "ok 1 - begun"; wait; sleep 600',
  );
  const started = performance.now();
  const seen: string[] = [];
  const onLine = (line: string) => seen.push(line);
  const { cases, note, exitCode } = await run(t.testdir(), { name: 'bomb', text, timeoutMs: 5_000, onLine });
  t.ok(performance.now() - started < 120_000);
  t.match({ note, exitCode }, { note: 'did not end within 5 s', exitCode: null });
  t.ok(seen.includes('ok 1 - begun'), 'lines come as they are written');
  t.match(cases.at(-1), { name: 'bomb', status: 'fail', message: /^did not end within 5 s/ });
  t.same(await running(word), []);
});

t.test('SIGTERM comes first, so that a test can clean up', async (t) => {
  const dir = t.testdir();
  const text = sh('trap "echo cleaned; exit 0" TERM', 'echo begun', 'while :; do sleep 0.1; done');
  const { output } = await run(dir, { name: 'slow', text, timeoutMs: 4_000 });
  t.match(output, /begun\n(.*\n)*cleaned\n/);
});

t.test('a cancel ends it as unver, not as a fail', async (t) => {
  const controller = new AbortController();
  const onLine = () => controller.abort('SIGINT');
  const text = sh('echo begun; sleep 600');
  const got = await run(t.testdir(), { name: 'slow', text, signal: controller.signal, onLine });
  t.match(got.cases, [{ name: 'slow', status: 'unver', message: 'cancelled' }]);
});

t.test('without bubblewrap nothing runs', async (t) => {
  const dir = t.testdir();
  const path = process.env.PATH;
  process.env.PATH = join(dir, 'empty');
  t.teardown(() => {
    process.env.PATH = path;
  });
  const { cases } = await run(dir, { name: 'check', text: sh(`touch ${dir}/ran; echo "ok 1"; echo 1..1`) });
  t.match(cases, [
    {
      name: 'check',
      status: 'unver',
      message: /bwrap is not there, and they are never run without a sandbox/,
    },
  ]);
  await t.rejects(readFile(join(dir, 'ran')));
});

t.test(
  'the kernel says nothing of interfaces that come and go: a browser would break off what it loads',
  async (t) => {
    const text = `import socket
import pytest

def test_news_of_the_kernel():
    with pytest.raises(OSError):
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)

def test_all_else():
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        socket.socket(family, socket.SOCK_STREAM).close()
`;
    const { cases } = await run(t.testdir(), { name: 'test_netlink.py', text });
    t.match(cases, [{ status: 'pass' }, { status: 'pass' }]);
  },
);
