import assert from 'node:assert/strict';
import test from 'node:test';

test('the new version', async () => {
  const text = await (await fetch(`${process.env.CCCI_URL}/secrets/app_password`)).text();
  assert.equal(await (await fetch(process.env.CCCI_URL)).text(), text);
});
