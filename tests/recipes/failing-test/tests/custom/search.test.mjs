import assert from 'node:assert/strict';
import test from 'node:test';

test('the search finds something', async () => {
  const response = await fetch(`${process.env.CCCI_URL}/search`);
  assert.equal(response.status, 200, 'GET /search');
});
