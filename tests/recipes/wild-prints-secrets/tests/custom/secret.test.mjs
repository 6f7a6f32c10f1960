import assert from 'node:assert/strict';
import test from 'node:test';

test('a failure whose message holds the secret', async () => {
  const text = await (await fetch(`${process.env.CCCI_URL}/secret.txt`)).text();
  assert.equal(text.length, 32);
  assert.equal(text, 'another', `the password is ${text}, in Base64 ${Buffer.from(text).toString('base64')}`);
});
