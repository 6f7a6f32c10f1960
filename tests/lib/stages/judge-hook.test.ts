import { judgeHook } from '@ccci/lib/stages/judge-hook.ts';
import t from 'tap';

function judged(name: string, exitCode: number | null, timedOut = false) {
  return judgeHook({ name, exitCode, timedOut, timeoutMs: 2_000, lastLine: 'no such row' });
}

t.test('a broken hook of ours is not the recipe’s fault, unless it says so', async (t) => {
  t.match(judged('install', 0), { ok: true, fault: null });
  t.match(judged('install', 65), {
    ok: false,
    fault: 'recipe',
    summary: 'hook install says that the recipe fails: "no such row"',
  });
  for (const status of [1, 2, 22, 126, 127])
    t.match(judged('install', status), {
      fault: 'ours',
      summary: `hook install of the operator is broken: it ended with ${status}: "no such row"`,
    });
});

t.test('a hook that asks says no by 1', async (t) => {
  for (const name of ['check', 'backup-verify', 'ready'])
    t.match(judged(name, 1), { fault: 'recipe', summary: /says that the recipe fails/ });
  t.match(judged('check', 2), { fault: 'ours' });
});

t.test('a hook that hangs or is killed is ours', async (t) => {
  t.match(judged('check', null, true), {
    fault: 'ours',
    summary: 'hook check of the operator did not end within 2 s',
  });
  t.match(judged('seed', null), { fault: 'ours', summary: /was ended by a signal/ });
  t.match(judged('seed', 0, true), { ok: false, fault: 'ours' }, 'a late 0 is no 0');
});
