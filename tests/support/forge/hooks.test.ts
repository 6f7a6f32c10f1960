import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { startWorld } from './fixture.ts';
import { marshalIndent } from './shapes/webhook.ts';

type Got = { readonly headers: IncomingHttpHeaders; readonly body: Buffer };

/** A receiver that keeps what it gets and answers with the next of these statuses, or does this instead. */
async function receiver(t: Test, statuses: readonly (number | 'hang' | 'drop')[]) {
  const got: Got[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const status = statuses[got.push({ headers: request.headers, body }) - 1];
    if (status === 'drop') request.socket.destroy();
    else if (status !== 'hang') response.writeHead(status ?? 200).end('said');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => void server.close().closeAllConnections());
  return { got, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` };
}

const sign = (secret: string, body: Buffer) => createHmac('sha256', secret).update(body).digest('hex');

t.test('a comment is delivered as Gitea does, signed over the raw body', async (t) => {
  const { forge } = await startWorld(t.testdir());
  t.teardown(() => forge.close());
  const { got, url } = await receiver(t, [200, 201]);
  const { id } = forge.comment('org', 'app', 1, 'mia', '!testme <b>&</b>');
  t.same(await forge.deliver(id, { url, secret: 's3cret' }), { status: 200, text: 'said' });
  const { headers, body } = got[0]!;
  t.match(headers, {
    'content-type': 'application/json',
    'x-gitea-event': 'issue_comment',
    'x-gitea-event-type': 'pull_request_comment',
    'x-gitea-signature': sign('s3cret', body),
    'x-hub-signature-256': `sha256=${sign('s3cret', body)}`,
  });
  t.notOk('x-forgejo-signature' in headers);
  t.match(JSON.parse(body.toString()), {
    action: 'created',
    is_pull: true,
    issue: { number: 1, pull_request: { merged: false } },
    pull_request: { number: 1, head: { ref: 'feature' } },
    comment: { id, body: '!testme <b>&</b>', user: { login: 'mia' } },
    repository: { full_name: 'org/app' },
    sender: { login: 'mia' },
  });
  t.ok(
    body.includes('\\u003cb\\u003e\\u0026') && body.includes('{\n  "action": "created",\n'),
    'as Go writes it',
  );

  await forge.deliver(id, { url, secret: 's', flavour: 'forgejo', headers: { 'x-gitea-signature': null } });
  t.equal(got[1]!.headers['x-forgejo-signature'], sign('s', got[1]!.body));
  t.notOk('x-gitea-signature' in got[1]!.headers);
  t.same(forge.problems, []);
});

t.test('other payloads: an issue, an edit, a deletion, an old server, no secret', async (t) => {
  const { forge } = await startWorld(t.testdir());
  t.teardown(() => forge.close());
  const { got, url } = await receiver(t, []);
  const issue = forge.openIssue('org', 'app', { title: 'x', author: 'eve' });
  await forge.deliver(forge.comment('org', 'app', issue, 'eve', 'x').id, { url, secret: '' });
  t.match(got[0]!.headers, { 'x-gitea-event-type': 'issue_comment', 'x-gitea-signature': '' });
  t.match(JSON.parse(String(got[0]!.body)), { is_pull: false, issue: { pull_request: null } });

  const { id } = forge.comment('org', 'app', 1, 'mia', 'was');
  forge.editComment(id, 'is');
  const edited = JSON.parse(forge.payload(id, { action: 'edited', from: 'was', hasPull: false }));
  t.match(edited, { action: 'edited', comment: { body: 'is' }, changes: { body: { from: 'was' } } });
  t.notOk('pull_request' in edited);

  const payload = forge.payload(id, { action: 'deleted' });
  forge.deleteComment(id);
  t.match(await forge.deliver(payload, { url, secret: 'x' }), { status: 200 });
  t.match(JSON.parse(String(got[1]!.body)), { action: 'deleted', comment: { id } });
  t.equal(marshalIndent({ a: ['\u2028'], b: {} }), '{\n  "a": [\n    "\\u2028"\n  ],\n  "b": {}\n}');
});

t.test('a webhook sends each new comment once, whatever comes back', async (t) => {
  const { forge } = await startWorld(t.testdir());
  t.teardown(() => forge.close());
  const { got, url } = await receiver(t, [500, 'drop', 200, 200, 200, 200, 'hang']);
  forge.comment('org', 'app', 1, 'mia', 'before');
  const hook = forge.addHook({ url, secret: 's', owner: 'ORG', hasPull: false });
  const other = forge.addHook({ url, secret: 's', owner: 'nobody' });
  const ids = Array.from({ length: 6 }, (_, at) => forge.comment('org', 'app', 1, 'mia', `${at}`).id);
  await hook.idle();
  t.equal(got.length, 6);
  t.same(hook.deliveries.map(({ commentId }) => commentId).sort(), ids);
  t.same(
    hook.deliveries.map(({ status }) => String(status)).sort(),
    ['200', '200', '200', '200', '500', 'null'],
    'none is tried again',
  );
  hook.stop();
  forge.comment('org', 'app', 1, 'mia', 'after');
  await hook.idle();
  await other.idle();
  t.equal(got.length, 6);
  t.same(other.deliveries, []);
  t.match(
    await forge.deliver(ids[0]!, { url, secret: 's', timeoutMs: 100 }),
    { status: null },
    'no answer in time',
  );
  t.match(await forge.deliver(ids[0]!, { url: 'http://127.0.0.1:1/', secret: 's' }), { status: null });
});
