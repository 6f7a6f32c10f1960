import { queueWords } from '@ccci/lib/pages/queue-words.ts';
import t from 'tap';

const minute = 60_000;

t.test('place and estimate in words', async (t) => {
  t.equal(queueWords({ place: 3, etaMs: 12.4 * minute }), 'place 3 in the queue, about 12 minutes');
  t.equal(queueWords({ place: 1, etaMs: 20_000 }), 'place 1 in the queue, about a minute');
  t.equal(queueWords({ place: 2, etaMs: 57 * minute }), 'place 2 in the queue, about an hour');
  t.equal(queueWords({ place: 9, etaMs: 170 * minute }), 'place 9 in the queue, about 3 hours');
  t.equal(queueWords({ place: 9, etaMs: 26 * 60 * minute }), 'place 9 in the queue, about 24 hours');
  t.equal(queueWords({ place: 9, etaMs: 90 * 60 * minute }), 'place 9 in the queue, more than a day');
});

t.test('what nobody can tell is not told', async (t) => {
  t.equal(queueWords({ place: 3, etaMs: null }), 'place 3 in the queue');
  t.equal(queueWords({ place: 3, etaMs: 0 }), 'place 3 in the queue');
});

t.test('far back and far off the words change seldom, so that comments do', async (t) => {
  const said = new Set<string>();
  for (let place = 1; place <= 1_000; place += 1) said.add(queueWords({ place, etaMs: null }));
  t.equal(said.size, 25, 'of a thousand places');
  t.ok(said.has('place 19 in the queue'));
  t.ok(said.has('place 20 or later in the queue'));
  const estimates = new Set<string>();
  for (let ms = 1; ms < 24 * 60 * minute; ms += minute / 2)
    estimates.add(queueWords({ place: 1, etaMs: ms }));
  t.ok(estimates.size <= 24, `of a day ${estimates.size}`);
});
