/** Why did nothing happen? The built program, on states as the other programs leave them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resultsExample } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { writeAnswer } from '@ccci/lib/state/answers.ts';
import { type Claimed, claim } from '@ccci/lib/state/claim.ts';
import { handIn } from '@ccci/lib/state/inbox.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { listQueue } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { onPull, stamping, triggerOf } from '../../lib/state/scene.ts';
import { optionsOf, run } from './scene.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'dist', 'bin', 'ccci-dedupe');
const url = 'https://git.example.org/recipes/ghost/pulls';
const stateOf = async (dir: string, ...input: readonly object[]) => {
  const state = join(dir, 'state');
  mkdirSync(state, { recursive: true });
  await run(optionsOf(state), ...input);
  const forges = { gitea: { url: 'https://git.example.org', organisations: ['recipes'] } };
  writeFileSync(join(dir, 'ccci.json'), JSON.stringify({ state, forges }));
  return state;
};

function explain(dir: string, word: string) {
  const args = [program, '--config', join(dir, 'ccci.json'), '--explain', word];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 60_000 });
  const records = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AnyRecord);
  return { status, records, words: stderr };
}

const take = async (state: string, index = 0) => {
  const [file = ''] = (await listQueue(state, 'new')).slice(index);
  return (await claim(state, file, { stamping })) as Claimed;
};

t.test('what waits: seen when and from where, judged how, waiting behind what', async (t) => {
  const dir = t.testdir();
  const state = await stateOf(dir, onPull(3, 1), onPull(4, 2));
  const running = await take(state);
  const { status, records, words } = explain(dir, `${url}/4#issuecomment-2`);
  t.equal(status, 0);
  t.match(records, [
    {
      type: 'explanation',
      key: 'gitea-2',
      isKnown: true,
      state: 'waiting',
      place: { place: 1, behind: 'gitea-1', etaMs: null },
      acceptedAt: '2026-11-23T10:20:00.000Z',
      record: { source: 'poll' },
    },
  ]);
  t.match(words, /^gitea-2: ana's comment of 2026-11-23T10:00:02Z on recipes\/ghost#4; seen by poll/);
  t.match(words, /Judged as a trigger: a full run of commit 720faa0bebc4\./);
  t.match(words, /Waits: place 1 in the queue, behind gitea-1\./);
  t.match(words, /Nothing was posted for it yet\./);
  running.release();
});

t.test('what runs, what died, what was run as what, and what was posted', async (t) => {
  const dir = t.testdir();
  const state = await stateOf(dir, onPull(3, 1), onPull(3, 2));
  const first = await take(state);
  t.match(explain(dir, 'gitea-2').words, /Runs as gitea-1, together with gitea-1\./);
  first.release();
  t.match(
    explain(dir, 'gitea-1').words,
    /Was begun as gitea-1, together with gitea-2, but who ran it is gone/,
  );
  const [file = ''] = await listQueue(state, 'cur');
  const second = (await claim(state, file, { stamping })) as Claimed;
  await second.commit(() => ({ ...resultsExample, type: 'run.finished', key: 'gitea-1', run: 'gitea-1.2' }));
  await writeAnswer(state, 'gitea-2', {
    key: 'gitea-2',
    final: true,
    comments: [{ id: 77 }],
    statuses: [{ state: 'pending' }, { state: 'failure' }],
  });
  const { records, words } = explain(dir, 'gitea-2');
  t.match(records, [{ state: 'over', runs: ['gitea-1', 'gitea-1.2'], keys: ['gitea-1', 'gitea-2'] }]);
  t.match(
    words,
    /Run as gitea-1\.2, together with gitea-1: red, level 1: upgrade failed\. It was begun 2 times/,
  );
  t.match(words, /Posted: comment 77, commit status failure; nothing is left to post\./);
});

t.test('a whole pull request: every command on it, with what became of each', async (t) => {
  const dir = t.testdir();
  const drop = { ...onPull(3, 2), type: 'drop', reason: 'not-allowed', detail: 'mallory is not a member' };
  await stateOf(dir, onPull(3, 1), drop, onPull(4, 3), onPull(3, 4, { ref: 'f'.repeat(40) }));
  const { records, words } = explain(dir, `${url}/3`);
  t.same(
    records.map(({ key }) => key),
    ['gitea-1', 'gitea-2', 'gitea-4'],
  );
  t.match(words, /Not run after all \(superseded\): ana's newer comment asks for f{12}\./);
  t.match(words, /Judged as not to be run \(not-allowed\): mallory is not a member\./);
});

t.test('what is not known: read how far, or not enrolled, or the forge is away', async (t) => {
  const dir = t.testdir();
  const cursors = {
    'gitea/recipes': { since: '2026-11-23T10:15:00Z', enrolledAt: '2026-11-23T09:00:00Z' },
  };
  const tick = (failures: number) => ({
    ...{ type: 'tick', v: 1, at: '2026-11-23T10:20:00.000Z', by: 'ccci-poll/test' },
    ...{ cursors, calls: 1, changed: 0, triggers: 0, ms: 1 },
    sources: {
      'gitea/recipes': {
        at: '2026-11-23T10:20:00.000Z',
        good: '2026-11-23T10:15:00.000Z',
        failures,
        says: failures === 0 ? null : 'no answer',
      },
    },
  });
  await stateOf(dir, tick(0));
  const fine = explain(dir, `${url}/3#issuecomment-9`);
  t.match(fine.records, [
    { key: 'gitea-9', isKnown: false, source: 'gitea/recipes', readUntil: '2026-11-23T10:15:00Z' },
  ]);
  t.match(fine.words, /gitea-9 is not known here/);
  t.match(fine.words, /enrolled since 2026-11-23T09:00:00Z and was read up to 2026-11-23T10:15:00Z/);
  t.match(fine.words, /only a line of its own in a new comment counts/);
  t.notMatch(fine.words, /cannot be read/);
  await stateOf(dir, tick(4));
  t.match(
    explain(dir, `${url}/3`).words,
    /No command on recipes\/ghost#3 .*\n.*\n.*\n.*cannot be read at the moment \(4 failures, well last at 2026-11-23T10:15:00.000Z\): no answer/,
  );
  t.match(explain(dir, 'https://git.example.org/other/ghost/pulls/1').words, /other\/ghost is not enrolled/);
});

t.test('what was handed in and not taken yet', async (t) => {
  const dir = t.testdir();
  const state = await stateOf(dir);
  await handIn(state, triggerOf(8));
  t.match(explain(dir, 'gitea-8').words, /was handed in and is not taken yet/);
});

t.test(
  'it reads only: beside a dedupe at work, on a state that is not there, and makes nothing',
  async (t) => {
    const dir = t.testdir();
    await prepareState(join(dir, 'other'));
    writeFileSync(join(dir, 'ccci.json'), JSON.stringify({ state: join(dir, 'absent') }));
    const { status, words } = explain(dir, 'gitea-1');
    t.equal(status, 0);
    t.match(words, /gitea-1 is not known here/);
    t.equal(execFileSync('ls', [dir], { encoding: 'utf8' }), 'ccci.json\nother\n');
    t.match(explain(dir, 'a b'), { status: 64, words: /cannot explain "a b"/ });
  },
);
