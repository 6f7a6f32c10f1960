import { parseEnvFile } from '@ccci/lib/recipe/env-file.ts';
import { newInCompose, noteForOperator, noteLeftBehind } from '@ccci/lib/stages/operator-notes.ts';
import t from 'tap';

function scratch() {
  return { scratch: { operator: [] as string[] } } as unknown as Parameters<typeof noteForOperator>[0];
}

t.test('each thing is noted once', async (t) => {
  const context = scratch();
  noteForOperator(context, ['new secret: jwt_secret', 'new secret: jwt-secret', 'new secret: other']);
  noteForOperator(context, ['new secret: other']);
  t.same(context.scratch.operator, ['new secret: jwt_secret', 'new secret: other']);
});

t.test('compose files that an .env of the base does not take in', async (t) => {
  const base = { entries: parseEnvFile('COMPOSE_FILE=compose.yml') };
  const lines = 'COMPOSE_FILE=compose.yml\nCOMPOSE_FILE="$COMPOSE_FILE:compose.redis.yml:compose.mail.yml"';
  const next = { entries: parseEnvFile(lines), env: { COMPOSE_FILE: 'compose.yml:compose.mail.yml' } };
  t.same(
    newInCompose(base, next),
    ['new in COMPOSE_FILE: compose.redis.yml'],
    'but not what upgrade.env gives',
  );
  t.same(newInCompose({ entries: [] }, { entries: [], env: {} }), []);
});

t.test('L34 what an upgrade takes away and leaves behind', async (t) => {
  const context = scratch();
  const side = (...names: string[]) => ({
    rendered: { services: {}, volumes: Object.fromEntries(names.map((name) => [name, null])) },
  });
  noteLeftBehind(context, side('b', 'a', 'kept'), side('kept', 'new'), { dropped: ['worker', 'cache'] });
  t.same(context.scratch.operator, [
    'service removed: cache',
    'service removed: worker',
    'volume no longer used, its data stays: a',
    'volume no longer used, its data stays: b',
  ]);
});
