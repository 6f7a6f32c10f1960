import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { setTimeout } from 'node:timers/promises';

const { idp } = JSON.parse(readFileSync(process.env.CCCI_DEPS_FILE, 'utf8'));
const page = async (url) => (await fetch(url)).text();

test('the app was known to the idp with its secret', async () => {
  assert.equal(process.env.CCCI_DEPS_READY, '1');
  assert.equal((await page(`${process.env.CCCI_URL}/known`)).trim(), `known ${idp.credentials.client_id}`);
  assert.equal((await page(`${process.env.CCCI_URL}/other`)).trim(), 'idp');
});

test('the app, looked up in the app, is the app', async () => {
  let self = '';
  for (let tries = 0; tries < 40 && !self.includes('Hello'); tries += 1) {
    self = await page(`${process.env.CCCI_URL}/self`);
    await setTimeout(250);
  }
  assert.match(self, /Hello from version/);
});

test('the idp is reached by its own address', async () => {
  assert.match(idp.version, /^1\.\d\.0\+1\.0\.0$/);
  const { client_id: client, client_secret: secret } = idp.credentials;
  const answer = await fetch(`${idp.url}/cgi-bin/client/check/${client}/${secret}`);
  assert.equal(answer.status, 200);
});
