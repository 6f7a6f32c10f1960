import { join } from 'node:path';
import t, { type Test } from 'tap';
import { enterBox } from './engine/enter.ts';
import { type Outcome, runCheck, runFile } from './runner/file.ts';
import { renderOutcome } from './runner/render.ts';
import { tallyTap } from './runner/tally.ts';

const box = await enterBox(import.meta.url);
const root = join(import.meta.dirname, '..', '..');
const options = { root, box, env: process.env, timeoutMs: 60_000, signal: new AbortController().signal };

/** Runs a test file with this text; it lies in the repository, so that it finds tap. */
async function run(t: Test, text: string, more: Partial<typeof options> = {}): Promise<Outcome> {
  const dir = t.testdir({ 'x.test.mjs': `import t from 'tap';\n${text}\n` });
  return runFile(join(dir, 'x.test.mjs'), { ...options, ...more });
}

t.test('assertions are counted, not subtests', async (t) => {
  const { tally } = await run(
    t,
    `t.test('a', async (t) => { t.ok(1); await t.test('b', async (t) => { t.ok(1); t.ok(0, 'no'); }); });
     t.test('c', { skip: 'why' }, () => {}); t.ok(0, 'later', { todo: true }); t.pass();`,
  );
  t.match(tally, { passed: 3, failed: 1, skipped: 2 });
  t.equal(tally.failures[0]?.name, 'a > b > no');
});

t.test('what a test says of its own is shown below its line, what tap says is not', async (t) => {
  const outcome = await run(t, `t.test('a', async (t) => { t.comment('206 points, 0 lost'); t.pass(); });`);
  t.same(outcome.tally.comments, ['206 points, 0 lost']);
  t.match(renderOutcome(outcome, false), /1 passed.*\n {5}# 206 points, 0 lost\n/);
});

t.test('a failure is shown with its place and difference', async (t) => {
  const outcome = await run(t, `console.error('said'); t.same({ a: [1, 2] }, { a: [1, 3] }, 'alike');`);
  const shown = renderOutcome(outcome, false);
  t.match(shown, /^FAIL .*x\.test\.mjs {2}0 passed, 1 failed, 0 skipped/);
  t.match(shown, /x alike\n {4}at .*x\.test\.mjs:2:\d+\n/);
  t.match(shown, /- {4}3,\n.*\+ {4}2,/);
  t.match(shown, / {2}\| said\n/, 'and with what the file said');
});

t.test('a good file is one line, unless it was asked for by name', async (t) => {
  const outcome = await run(t, `console.log('said'); t.pass();`);
  t.match(renderOutcome(outcome, false), /^ok .* 1 passed, 0 failed, 0 skipped .*\n$/);
  t.match(renderOutcome(outcome, true), /\n {2}\| said\n$/);
});

t.test('a file that does not get to its end is a failure', async (t) => {
  const cases = {
    'thrown after a test': `t.pass(); setTimeout(() => { throw new Error('boom'); }, 10); await new Promise((r) => setTimeout(r, 200));`,
    'syntax error': 'this is none',
    killed: `t.pass(); process.kill(process.pid, 'SIGKILL');`,
    'exit status': `t.pass(); process.on('exit', () => { process.exitCode = 3; });`,
    'no test': '',
    'fewer tests than planned': 't.plan(2); t.pass();',
  };
  for (const [name, text] of Object.entries(cases)) {
    const { tally } = await run(t, text);
    t.equal(tally.failed, 1, `${name}: ${JSON.stringify(tally.failures)}`);
  }
  const { tally } = await run(t, `t.plan(0, 'not on this machine');`);
  t.match(tally, { passed: 0, failed: 0, skipped: 1 }, 'a file may skip itself, with a reason');
});

t.test('a file that hangs is stopped with all that it started', async (t) => {
  const text = `import { spawn } from 'node:child_process';
    process.on('SIGTERM', () => {});
    spawn('sleep', ['1000'], { stdio: 'inherit' });
    await t.test('hangs', () => new Promise(() => {}));`;
  const { tally } = await run(t, text, { timeoutMs: 1_000 });
  // It holds the file's output, so without its end the file would not have ended either.
  t.ok(tally.failed > 0);
});

t.test('an interrupted file is a failure', async (t) => {
  const { tally } = await run(t, 'await new Promise((r) => setTimeout(r, 60000));', {
    signal: AbortSignal.abort(),
  });
  t.match(tally, { failed: 1, failures: [{ diag: { problem: 'interrupted' } }] });
});

t.test('a check passes by its exit status', async (t) => {
  t.match(await runCheck('good', ['true'], options), { tally: { passed: 1, failed: 0 } });
  const bad = await runCheck('bad', ['sh', '-c', 'echo why; exit 3'], options);
  t.match(bad, { tally: { passed: 0, failed: 1 }, text: 'why\n' });
});

t.test('TAP that stops in the middle is not complete', async (t) => {
  const tap = tallyTap(() => {});
  tap.write('TAP version 14\n# Subtest: a\n    ok 1 - x\n');
  t.match(tap.end(), { passed: 1, isOk: false, isEmpty: false });
});
