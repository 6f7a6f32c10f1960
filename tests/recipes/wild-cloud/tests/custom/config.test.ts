import assert from 'node:assert/strict';
import test from 'node:test';

test('dollars in a config mean themselves', async () => {
  const text = await (await fetch(`${process.env.CCCI_URL}/nginx.conf`)).text();
  assert.ok(text.includes('set $path_info $1;'), text);
  assert.ok(text.includes('"$uri ${literal} $$"'), text);
});
