import assert from 'node:assert/strict';
import test from 'node:test';

test('the front page greets', async () => {
  const response = await fetch(process.env.CCCI_URL ?? '');
  assert.equal(response.status, 200);
  assert.match(await response.text(), /<h1>Hello from version/);
});

test('an unknown page is a 404', async () => {
  const response = await fetch(`${process.env.CCCI_URL}/nowhere`);
  assert.equal(response.status, 404);
});
