import assert from 'node:assert/strict';
import test from 'node:test';

test('what the files of the recipe came to', async () => {
  const text = await (await fetch(process.env.CCCI_URL ?? '')).text();
  const said = Object.fromEntries(text.trimEnd().split('\n').map((line) => line.split(/ (.*)/s)));
  const domain = process.env.CCCI_DOMAIN ?? '';
  assert.equal(said.host, domain);
  assert.equal(said.issuer, `https://${domain}`);
  assert.equal(said.salt, '32');
  assert.equal(said.key, '128');
  assert.ok(Number(said.password) >= 20, 'a passphrase');
  assert.equal(said.db, `${process.env.CCCI_STACK}_db`);
  assert.equal(said.lang, 'en_US.UTF-8');
  assert.equal(said.domains, 'none');
});
