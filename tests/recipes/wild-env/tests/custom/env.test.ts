import assert from 'node:assert/strict';
import test from 'node:test';

test('each line of .env.sample means what abra and Docker take it for', async () => {
  const text = await (await fetch(`${process.env.CCCI_URL}/env.txt`)).text();
  assert.deepEqual(text.trimEnd().split('\n'), [
    'WITH_EXPORT=yes',
    'SPACES=one two  three',
    'QUOTED=say "hi" # not a comment',
    'SINGLE=costs $5 # sure',
    'HASH=a#b',
    'EQUALS=a=b=c',
    'EMPTY=',
    'SELF=one two',
    'DEFAULTED=fallback',
    `URL=https://${process.env.CCCI_DOMAIN}/x?y=1&z=2`,
    'UNICODE=grün ☃',
    'COMMENTED=unset',
    'LOCAL_VERSION=unset',
  ]);
});
