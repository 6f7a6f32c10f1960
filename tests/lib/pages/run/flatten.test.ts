import { flatten } from '@ccci/lib/pages/run/flatten.ts';
import t from 'tap';

t.test('nested values, each with the path that leads to it', async (t) => {
  const values = {
    health: { path: '/', ok: [200, 302] },
    ready: [{ http: 'x' }, { tcp: 1 }],
    exclusive: false,
    none: null,
    empty: {},
    list: [],
  };
  t.strictSame(
    flatten(values).map(({ name, value }) => `${name}=${value}`),
    [
      'health.path=/',
      'health.ok=200, 302',
      'ready[0].http=x',
      'ready[1].tcp=1',
      'exclusive=no',
      'none=none',
      'empty=none',
      'list=none',
    ],
  );
  t.strictSame(flatten({}), []);
});

t.test('a hostile object cannot fill the page', async (t) => {
  const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]));
  t.equal(flatten(many).length, 200);
});
