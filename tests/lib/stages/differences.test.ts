import { resultsExample } from '@ccci/lib/records/results.ts';
import { compareWithHistory, differences } from '@ccci/lib/stages/differences.ts';
import t from 'tap';

t.test('L51 what of the environment is different from the last green run', async (t) => {
  const then = { engine: '26.1.4', restic: null, images: { 'a:1': 'sha256:1', 'b:1': 'sha256:2' } };
  const now = { engine: '26.1.5', restic: '0.18', images: { 'a:1': 'sha256:9', 'c:1': 'sha256:3' } };
  t.same(differences(then, then), []);
  t.same(differences(then, now), [
    'engine: 26.1.4 then, 26.1.5 now',
    'image a:1: sha256:1 then, sha256:9 now',
    'restic: nothing then, 0.18 now',
  ]);
});

t.test('a recipe that never was green differs from nothing', async (t) => {
  t.same(compareWithHistory({ lastGreen: null, runs: 2, green: 0 }, { engine: '1' }), {
    last_green: null,
    differences: [],
    history: { runs: 2, green: 0 },
  });
  const lastGreen = { ...resultsExample, verdict: 'green' as const, environment: { engine: '1' } };
  t.match(compareWithHistory({ lastGreen, runs: 3, green: 1 }, { engine: '1', node: 'v24' }), {
    last_green: 'gitea-14497',
    differences: ['node: nothing then, v24 now'],
  });
});
