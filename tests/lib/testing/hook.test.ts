import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type HookOptions, runHook } from '@ccci/lib/testing/hook.ts';
import t from 'tap';

async function hook(dir: string, more: Partial<HookOptions> = {}) {
  const file = join(dir, 'hooks', 'seed');
  await chmod(file, 0o755);
  const usual = { args: ['install'], env: { CCCI_STAGE: 'install' }, cwd: dir, timeoutMs: 30_000 };
  return await runHook({ ...usual, file, signal: new AbortController().signal, ...more });
}

const tree = (text: string) => ({ hooks: { seed: `#!/bin/sh\n${text}\n` }, data: { posts: 'three\n' } });

t.test('a hook has its arguments, variables, input and tree', async (t) => {
  const dir = t.testdir(tree('echo "$1 $CCCI_STAGE $(cat) $(cat data/posts)"; echo words >&2; exit 4'));
  const got = await hook(dir, { stdin: 'given' });
  t.equal(got.exitCode, 4);
  t.match(got.output, /install install given three\n/);
  t.match(got.output, /words\n/);
});

t.test('a hook that hangs is ended and says so', async (t) => {
  const got = await hook(t.testdir(tree('echo begun; sleep 600')), { timeoutMs: 4_000 });
  t.match(got, { exitCode: null, timedOut: true, output: 'begun\n\ndid not end within 4 s\n' });
});

t.test(
  'a tree that the other user may not read is said to be so',
  { skip: process.getuid?.() !== 0 && 'not root' },
  async (t) => {
    const dir = t.testdir(tree('exit 0'));
    await chmod(dir, 0o700);
    await t.rejects(hook(dir), { code: 'no-sandbox', message: /who may not read/, hint: /^chmod/ });
  },
);
