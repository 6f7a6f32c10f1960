import t from 'tap';
import { makeConditions } from '../../../tools/hook/conditions.ts';

t.test('a condition is said when it changes', async (t) => {
  const said: string[] = [];
  const log = {
    info: (message: string) => void said.push(message),
    warning: () => {},
    error: (message: string, hint?: string) => void said.push(`${message} (${hint})`),
  };
  const { bad, good } = makeConditions(log);
  good('disk', 'never said');
  bad('disk', { code: 'full', message: 'full', hint: 'make space' });
  bad('disk', { code: 'full', message: 'full of other things' });
  bad('forge', { code: 'full', message: 'another' });
  bad('disk', { code: 'read-only', message: 'read-only' });
  good('disk', 'well again');
  good('disk', 'not twice');
  good('forge');
  bad('forge', { code: 'full', message: 'once more' });
  t.same(said, [
    'full (make space)',
    'another (undefined)',
    'read-only (undefined)',
    'well again',
    'once more (undefined)',
  ]);
});
