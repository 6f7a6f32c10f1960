import { createHmac } from 'node:crypto';
import t from 'tap';
import { isSignedWith, readSignature } from '../../../tools/hook/signature.ts';
import { makeRepository } from '../../support/forge/fixture.ts';
import { secret, signed, startHook } from './world.ts';

const hex = 'ab'.repeat(32);
const bytes = Buffer.from(hex, 'hex');

t.test('which header counts', async (t) => {
  t.same(readSignature({ 'x-gitea-signature': hex }), bytes);
  t.same(readSignature({ 'x-forgejo-signature': hex }), bytes);
  t.same(readSignature({ 'x-gitea-signature': hex, 'x-forgejo-signature': hex }), bytes);
  t.same(readSignature({ 'x-hub-signature-256': `sha256=${hex}` }), bytes);
  const other = 'cd'.repeat(32);
  t.same(readSignature({ 'x-gitea-signature': hex, 'x-hub-signature-256': `sha256=${other}` }), bytes);
  t.equal(readSignature({ 'x-gitea-signature': hex, 'x-forgejo-signature': other }), null, 'they differ');
  t.equal(readSignature({ 'x-gitea-signature': '', 'x-hub-signature-256': `sha256=${hex}` }), null);
});

t.test('what is no signature', async (t) => {
  const odd = [
    '',
    hex.slice(2),
    `${hex}ab`,
    hex.slice(1),
    `${hex.slice(1)}g`,
    ` ${hex}`,
    `${hex}\n`,
    `${hex}, ${hex}`,
  ];
  for (const value of [...odd, `sha256=${hex}`])
    t.equal(readSignature({ 'x-gitea-signature': value }), null, value);
  for (const value of [...odd, 'sha256=', `sha1=${hex}`]) {
    t.equal(readSignature({ 'x-hub-signature-256': value }), null, value);
  }
  t.equal(readSignature({}), null);
});

t.test('an empty secret signs nothing', async (t) => {
  const body = Buffer.from('{}');
  const sign = (key: string) => createHmac('sha256', key).update(body).digest();
  t.equal(isSignedWith('x', body, sign('x')), true);
  t.equal(isSignedWith('', body, sign('')), false);
  t.equal(isSignedWith('x', body, sign('x').subarray(1)), false);
});

t.test('what is not signed is refused, and nobody is asked', async (t) => {
  const { ask, comment, deliver, forge, inbox, said } = await startHook(t);
  const { id } = comment('!testme');
  const payload = forge.payload(id);
  const refused = { status: 401, text: 'refused' };
  t.match(await deliver(id, { secret: 'wrong' }), refused);
  t.match(await deliver(id, { secret: '' }), refused);
  t.match(await deliver(id, { secret: `${secret}\n` }), refused);
  const good = signed(payload);
  for (const value of ['', 'x', String(good['x-gitea-signature']).slice(2), '0'.repeat(64)]) {
    t.match(await deliver(id, { headers: { 'x-gitea-signature': value } }), refused, value);
  }
  const unsigned = Object.entries(good).filter(([name]) => !name.includes('signature'));
  t.match(
    await ask('/hook', { method: 'POST', headers: Object.fromEntries(unsigned), body: payload }),
    refused,
  );
  t.match(
    await ask('/hook', { method: 'POST', headers: good, body: `${payload} ` }),
    refused,
    'another body',
  );
  t.match(await deliver('[]'), refused, 'no repository');
  t.match(await deliver('{"repository":{"full_name":"../.."}}'), refused, 'no name of a repository');
  t.match(await ask('/hook', { method: 'POST', headers: signed('{'), body: '{' }), refused, 'no JSON');
  t.same(inbox(), []);
  t.equal(forge.requests.length, 0);
  t.match(said, [/^deliveries are refused that no secret has signed/]);
  t.equal(said.length, 1, 'said once');
  t.match(await deliver(id), { status: 200, text: /^handed in/ });
  t.same(said.slice(1), [`handed in gitea-${id}: trigger of org/app#1`]);
  await deliver(id, { secret: 'wrong' });
  t.equal(said.length, 3, 'and again after one that was well');
});

t.test('the most specific secret alone counts, whatever the case', async (t) => {
  const { dir, comment, deliver, forge } = await startHook(t, {
    forges: (gitea, file) => ({
      gitea: {
        ...gitea,
        organisations: ['org', 'other'],
        hookSecretFiles: {
          ORG: file('of the organisation'),
          'Org/Tool': file('of the tool'),
          other: file('of other'),
        },
      },
    }),
    enrolled: { 'gitea/org': '2026-11-23T09:00:00Z', 'gitea/other': '2026-11-23T09:00:00Z' },
  });
  makeRepository(`${dir}/tool.git`);
  forge.addRepository('org', 'tool', 'tool.git');
  const number = forge.openPull('org', 'tool', { head: 'feature', title: 'Tool', author: 'mia' });
  const ofApp = forge.payload(comment('!testme').id);
  const ofTool = forge.payload(forge.comment('org', 'tool', number, 'mia', '!testme').id);
  const status = async (payload: string, secret: string) => (await deliver(payload, { secret })).status;
  const secrets = [secret, 'of the organisation', 'of the tool', 'of other'];
  t.same(await Promise.all(secrets.map((one) => status(ofApp, one))), [401, 200, 401, 401]);
  t.same(await Promise.all(secrets.map((one) => status(ofTool, one))), [401, 401, 200, 401]);
  const upper = ofTool.replace('"full_name": "org/tool"', '"full_name": "ORG/TOOL"');
  t.equal(await status(upper, 'of the tool'), 200);
  t.equal(await status(upper, 'of the organisation'), 401);
});
