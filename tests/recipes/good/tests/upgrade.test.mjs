import assert from 'node:assert/strict';
import test from 'node:test';

test('the new version serves after the upgrade', async () => {
  const response = await fetch(process.env.CCCI_URL ?? '');
  assert.match(await response.text(), /from version 1\.1\.0/);
});
