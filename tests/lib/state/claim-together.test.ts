import { type Claimed, type ClaimOptions, claim } from '@ccci/lib/state/claim.ts';
import { journalPath } from '@ccci/lib/state/layout.ts';
import { deadClaims, listQueue, readJournal } from '@ccci/lib/state/queue.ts';
import t from 'tap';
import { onPull, stamping, stateWith } from './scene.ts';

const hash = 'f'.repeat(40);
const take = async (state: string, file: string, options: Partial<ClaimOptions> = {}) =>
  (await claim(state, file, { stamping, ...options })) as Claimed;
const typesOf = async (state: string, folder: 'new' | 'cur' | 'done', file: string) =>
  (await readJournal(journalPath(state, folder, file))).map(({ type }) => type);

t.test(
  'equal repository, pull request, commit and options are claimed together, the oldest first',
  async (t) => {
    const state = t.testdir();
    const [one = '', two = '', three = ''] = await stateWith(
      state,
      onPull(3, 1, { options: { commit: '720faa0' } }),
      onPull(3, 2),
      onPull(3, 3),
    );
    const claimed = await take(state, two);
    t.match(claimed, { file: one, run: 'gitea-1', attempt: 1, earlier: [] });
    t.strictSame(claimed.keys(), ['gitea-1', 'gitea-2', 'gitea-3'], 'the run is the first; keys lists them');
    t.strictSame(await listQueue(state, 'cur'), [one, two, three]);
    for (const [index, file] of [one, two, three].entries()) {
      const [, noted] = await readJournal(journalPath(state, 'cur', file));
      t.match(noted, { type: 'claim', key: `gitea-${index + 1}`, run: 'gitea-1', keys: claimed.keys() });
    }
    await claimed.commit(({ key }) => ({ type: 'run.finished', for: key }));
    t.strictSame(await listQueue(state, 'done'), [one, two, three], 'all are answered by one commit');
    t.match((await readJournal(journalPath(state, 'done', two))).at(-1), { for: 'gitea-2' });
  },
);

t.test('another pull request, commit or wish is not taken along', async (t) => {
  const state = t.testdir();
  const [one = '', ...others] = await stateWith(
    state,
    onPull(3, 1),
    onPull(4, 2),
    onPull(3, 3, { ref: hash }),
    onPull(3, 4, { options: { quick: true } }),
    onPull(3, 5, { name: 'wordpress' }),
    onPull(3, 6, { type: 'cancel' }),
  );
  const claimed = await take(state, one);
  t.strictSame(claimed.keys(), ['gitea-1']);
  t.strictSame(await listQueue(state, 'new'), others);
  claimed.release();
});

t.test('the same stages in another order are the same wish; a mate that is not wanted stays', async (t) => {
  const state = t.testdir();
  const [one = '', , three = ''] = await stateWith(
    state,
    onPull(3, 1, { options: { stages: ['lint', 'install'] } }),
    onPull(3, 2, { options: { stages: ['install', 'lint'] } }),
    onPull(3, 3, { options: { stages: ['lint', 'install'] } }),
  );
  const claimed = await take(state, one, { isMate: ({ key }) => key !== 'gitea-3' });
  t.strictSame(claimed.keys(), ['gitea-1', 'gitea-2']);
  t.strictSame(await listQueue(state, 'new'), [three]);
  claimed.release();
});

t.test('a trigger for what runs joins it, is committed with it, and given back with it', async (t) => {
  for (const end of ['commit', 'giveBack'] as const) {
    const state = t.testdir();
    const [one = ''] = await stateWith(state, onPull(3, 1));
    const claimed = await take(state, one);
    const [two = '', other = ''] = await stateWith(state, onPull(3, 2), onPull(3, 3, { ref: hash }));
    t.match(await claimed.join(two), { key: 'gitea-2' });
    t.equal(await claimed.join(other), null, 'another commit does not');
    t.equal(await claimed.join('20261123T100000Z-gitea-99'), null, 'nor what is gone');
    t.strictSame(claimed.keys(), ['gitea-1', 'gitea-2']);
    t.strictSame(await deadClaims(state), []);
    if (end === 'commit') await claimed.commit(() => ({ type: 'run.finished' }));
    else await claimed.giveBack();
    const last = end === 'commit' ? 'run.finished' : 'queued';
    t.strictSame(await typesOf(state, end === 'commit' ? 'done' : 'new', two), ['trigger', 'claim', last]);
    const [four = ''] = await stateWith(state, onPull(3, 4));
    t.equal(await claimed.join(four), null, 'nobody joins what is over');
  }
});

t.test('who asks to join while the end begins is in, or out and still waiting', async (t) => {
  const state = t.testdir();
  const [one = ''] = await stateWith(state, onPull(3, 1));
  const claimed = await take(state, one);
  const [two = '', three = ''] = await stateWith(state, onPull(3, 2), onPull(3, 3));
  const [joined, , late] = await Promise.all([
    claimed.join(two),
    claimed.commit(() => ({ type: 'run.finished' })),
    claimed.join(three),
  ]);
  t.equal(late, null);
  const isIn = joined !== null;
  t.strictSame((await listQueue(state, 'done')).includes(two), isIn);
  t.strictSame(await listQueue(state, 'new'), isIn ? [three] : [two, three]);
});

t.test('L16 a run of several that died is taken up as one, as the next attempt', async (t) => {
  const state = t.testdir();
  const [one = '', two = ''] = await stateWith(state, onPull(3, 1), onPull(3, 2));
  (await take(state, one)).release();
  const again = await take(state, two);
  t.match(again, { file: one, run: 'gitea-1.2', attempt: 2, earlier: ['gitea-1'] });
  again.release();
});

t.test(
  'an older comment that came late leads the next attempt, and all that was left is known',
  async (t) => {
    const state = t.testdir();
    const [, two = ''] = await stateWith(state, onPull(4, 9), onPull(3, 2));
    (await take(state, two)).release();
    await stateWith(state, onPull(3, 1));
    const again = await take(state, two);
    t.match(again, { run: 'gitea-1', attempt: 2, earlier: ['gitea-2'] });
    t.strictSame(again.keys(), ['gitea-1', 'gitea-2']);
    again.release();
  },
);

t.test(
  'a dead claim whose run is finished is committed, and takes nobody along who asked later',
  async (t) => {
    const state = t.testdir();
    const [one = ''] = await stateWith(state, onPull(3, 1));
    (await take(state, one)).release();
    const [two = ''] = await stateWith(state, onPull(3, 2));
    const settled: unknown[] = [];
    const finished = { type: 'run.finished', run: 'gitea-1' };
    const options = {
      finishedOf: async (run: string) => (run === 'gitea-1' ? finished : null),
      onSettled: async (record: unknown) => void settled.push(record),
    };
    const claimed = await take(state, two, options);
    t.strictSame(claimed.keys(), ['gitea-2'], 'a new question gets a run of its own (L07)');
    t.strictSame(settled, [finished]);
    t.strictSame(await typesOf(state, 'done', one), ['trigger', 'claim', 'run.finished']);
    t.equal(await claim(state, one, { stamping, ...options }), null);
    claimed.release();
  },
);
