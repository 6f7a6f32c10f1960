import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { runSuite } from './runner/suite.ts';
import type { Tally } from './runner/tally.ts';

/** Runs one file that ends the engine of its box by this signal, the first time that it runs. */
async function runEnding(t: Test, signal: string): Promise<{ tally: Tally; shown: string; runs: number }> {
  const dir = t.testdir({
    'x.test.mjs': `import t from 'tap';
      import { appendFileSync, existsSync, readFileSync } from 'node:fs';
      const box = process.env.CCCI_TEST_BOX;
      appendFileSync(${JSON.stringify(join(t.testdirName, 'runs'))}, 'x');
      if (readFileSync(${JSON.stringify(join(t.testdirName, 'runs'))}, 'utf8') === 'x') {
        const { enginePid } = await import(${JSON.stringify(join(import.meta.dirname, 'engine/restart.ts'))});
        process.kill(enginePid(box), ${JSON.stringify(signal)});
        while (!existsSync(box + '/ended')) await new Promise((resolve) => setTimeout(resolve, 20));
        t.fail('no engine');
      } else t.pass();`,
    runs: '',
  });
  let shown = '';
  const tally = await runSuite({
    files: [join(dir, 'x.test.mjs')],
    hasChecks: false,
    scale: 'small',
    isVerbose: false,
    write: (text) => (shown += text),
    signal: new AbortController().signal,
  });
  return { tally, shown, runs: readFileSync(join(dir, 'runs'), 'utf8').length };
}

t.test('a file whose engine crashed is run again, and its line says so', async (t) => {
  const { tally, shown, runs } = await runEnding(t, 'SIGABRT');
  t.match(tally, { passed: 1, failed: 0 });
  t.equal(runs, 2);
  t.match(shown, /^ok .*\n {5}# run again in another box, as the engine crashed under it: .* status 2:\n/);
  t.match(shown, /# SIGABRT: abort/);
});

t.test('one whose engine somebody ended is a failure, with how it ended in front', async (t) => {
  const { tally, shown, runs } = await runEnding(t, 'SIGKILL');
  t.equal(tally.failed, 2);
  t.equal(runs, 1);
  t.match(shown, /^FAIL .*\n {2}x the engine of the box\n {4}problem: .*\n.*status 137/);
});
