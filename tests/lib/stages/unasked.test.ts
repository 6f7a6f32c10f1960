import type { Service, Stack } from '@ccci/lib/recipe/compose.ts';
import { wordsForUnasked } from '@ccci/lib/stages/unasked.ts';
import t from 'tap';

const checked: Service = { healthcheck: { test: ['CMD', 'true'] } };
const noteOf = (services: Record<string, Service>) => wordsForUnasked({ services } as Stack).note;

t.test('healthchecks speak for services that nobody can ask', async (t) => {
  t.equal(noteOf({ app: checked, db: { healthcheck: { test: 'pg_isready' } } }), null);
  t.match(
    wordsForUnasked({ services: { app: checked } }).message,
    /their healthchecks speak for the services$/,
  );
});

t.test('one without says that little is proven', async (t) => {
  t.match(noteOf({ app: checked, db: {} }), /no service is routed, and db declares no healthcheck/);
  for (const healthcheck of [
    { test: ['NONE'] },
    { disable: true, test: ['CMD', 'true'] },
    { test: [] },
    { test: '' },
  ])
    t.match(noteOf({ app: { healthcheck } }), /app declares no healthcheck/, JSON.stringify(healthcheck));
  t.match(noteOf({ a: {}, b: {} }), /a, b declare no healthcheck/);
});

t.test('what ends by itself or is not started needs none', async (t) => {
  t.equal(
    noteOf({
      app: checked,
      init: { deploy: { restart_policy: { condition: 'none' } } },
      job: { deploy: { mode: 'replicated-job' } },
      spare: { deploy: { replicas: 0 } },
    }),
    null,
  );
});
