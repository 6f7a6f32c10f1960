import { readCredentials } from '@ccci/lib/stages/provide.ts';
import t from 'tap';

t.test('credentials are an object of texts', async (t) => {
  t.same(readCredentials('{"client_id": "app", "port": 25, "tls": true}\n'), {
    client_id: 'app',
    port: '25',
    tls: 'true',
  });
  for (const text of [
    '',
    'hello',
    '[]',
    '"text"',
    'null',
    '{"a": {"b": "c"}}',
    '{"a": null}',
    '{"a b": "c"}',
  ])
    t.equal(readCredentials(text), null, text);
});
