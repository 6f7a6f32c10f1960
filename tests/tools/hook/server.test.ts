import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import type { Reply } from '../../../tools/hook/replies.ts';
import { serve } from '../../../tools/hook/server.ts';
import { bodyLimit, deliveryLimit } from '../../../tools/hook/take.ts';
import { ask, signed, startHook } from './world.ts';

/** Short, for what is to run into it; whatever else there is has to be done by then too. */
const deliveryMs = 4_000;

/** A payload for org/app of exactly so many bytes. */
const padded = (payload: string, size: number) => payload + ' '.repeat(size - Buffer.byteLength(payload));

/** A connection on which a test writes what it wants, and what comes back until it is closed. */
function dial(url: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {});
  const answer = text(socket).catch(() => '');
  return { socket, answer, connected: new Promise<void>((resolve) => socket.once('connect', resolve)) };
}

const head = (headers: Readonly<Record<string, string | number>>) =>
  `POST /hook HTTP/1.1\r\nhost: x\r\n${Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')}\r\n`;

t.test('L65 two addresses, and nothing else', async (t) => {
  const { ask, inbox, forge } = await startHook(t);
  t.match(await ask('/hook/healthz'), {
    status: 200,
    text: 'ok',
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  });
  t.match(await ask('/hook/healthz?x=1'), { status: 200, text: 'ok' });
  t.match(await ask('/hook/healthz', { method: 'HEAD' }), { status: 200, text: '' });
  for (const path of [
    '/',
    '/hook/',
    '/hooks',
    '/HOOK',
    '/hook/healthz/',
    '/hook/%2e%2e',
    '/hook/restart',
    '//hook',
  ]) {
    for (const method of ['GET', 'POST']) {
      t.match(
        await ask(path, { method, headers: signed('{}'), body: '{}' }),
        { status: 404 },
        `${method} ${path}`,
      );
    }
  }
  for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD']) {
    t.match(await ask('/hook', { method }), { status: 405, headers: { allow: 'POST' } }, method);
  }
  t.match(await ask('/hook/healthz', { method: 'POST', headers: signed('{}'), body: '{}' }), {
    status: 405,
    headers: { allow: 'GET, HEAD' },
  });
  t.same(inbox(), []);
  t.equal(forge.requests.length, 0);
});

t.test('JSON alone is read: a form is signed in another way', async (t) => {
  const { comment, deliver, forge, ask } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'application/json5', '']) {
    t.match(await deliver(payload, { headers: { 'content-type': type } }), { status: 415 }, type);
  }
  const { 'content-type': _, ...headers } = signed(payload);
  t.match(await ask('/hook', { method: 'POST', headers, body: payload }), { status: 415 }, 'none at all');
  t.match(await deliver(payload, { headers: { 'content-encoding': 'gzip' } }), { status: 415 });
  const charset = { 'content-type': 'Application/JSON; charset=utf-8' };
  t.match(await deliver(payload, { headers: charset }), { status: 200 });
});

t.test('1 MiB is read, one byte more is not', async (t) => {
  const { ask, comment, forge, inbox, url } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  const post = (body: string, more: object = {}) =>
    ask('/hook', { method: 'POST', headers: { ...signed(body), ...more }, body });
  const large = padded(payload, bodyLimit + 1);
  t.match(await post(large), { status: 413, headers: { connection: 'close' } }, 'as its head says');
  t.match(await post(large, { 'transfer-encoding': 'chunked' }), { status: 413 }, 'as it comes');
  const { socket, answer } = dial(url);
  socket.write(head({ ...signed('x'), 'content-length': bodyLimit + 1 }));
  t.match(await answer, /^HTTP\/1\.1 413 /, 'before it comes');
  t.same(inbox(), []);
  t.match(await post(padded(payload, bodyLimit)), { status: 200, text: /^handed in/ });
});

t.test('a body that is far too large ends the connection, without being read on', async (t) => {
  const { url } = await startHook(t);
  const asking = request(url, { method: 'POST', agent: false, headers: signed('x') });
  asking.on('error', () => {});
  const closed = new Promise<void>((resolve) => asking.once('close', resolve));
  const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
  let written = 0;
  const write = () => {
    while (!asking.destroyed && asking.write('x'.repeat(65_536))) written += 65_536;
    if (!asking.destroyed) asking.once('drain', write);
  };
  write();
  const [answer] = await answered;
  answer.resume();
  t.equal(answer.statusCode, 413);
  await closed;
  t.ok(written < 64 * bodyLimit, `${written} bytes were taken`);
});

t.test('chunks are one body', async (t) => {
  const { comment, forge, inbox, url } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  const asking = request(url, { method: 'POST', agent: false, headers: signed(payload) });
  const answered = once(asking, 'response') as Promise<[IncomingMessage]>;
  for (let at = 0; at < payload.length; at += 100) asking.write(payload.slice(at, at + 100));
  asking.end();
  const [answer] = await answered;
  t.match(await text(answer), /^handed in/);
  t.equal(inbox().length, 1);
});

t.test('a body that breaks off is nothing, and nobody else’s trouble', async (t) => {
  const { ask, comment, forge, inbox, url, outcome } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  const { socket, answer } = dial(url);
  socket.write(
    head({ ...signed(payload), 'content-length': Buffer.byteLength(payload) }) + payload.slice(0, -1),
  );
  await once(socket, 'connect');
  socket.end();
  await answer;
  const cut = payload.slice(0, -100);
  t.match(await ask('/hook', { method: 'POST', headers: signed(payload), body: cut }), { status: 401 });
  t.same(inbox(), []);
  t.match(await ask('/hook/healthz'), { text: 'ok' });
  t.equal(outcome.status(), 0);
});

t.test('a slow body is 408, a silent or slow head is let go, and others are served meanwhile', async (t) => {
  const { comment, deliver, url } = await startHook(t, { deliveryMs });
  const silent = dial(url);
  const slowHead = dial(url);
  slowHead.socket.write('POST /hook HTTP/1.1\r\nhost: x\r\n');
  const slowBody = dial(url);
  slowBody.socket.write(`${head({ ...signed('{}'), 'content-length': 2 })}{`);
  t.match(await deliver(comment('!testme').id), { status: 200, text: /^handed in/ });
  t.match(await slowBody.answer, /^HTTP\/1\.1 408 .*connection: close.*too slow$/is);
  t.match(await slowHead.answer, /^HTTP\/1\.1 408 /);
  t.match(await silent.answer, /^(HTTP\/1\.1 408 .*)?/s, 'closed at last');
});

t.test('a forge that takes its time: 503 within the limit; what comes of it later is kept', async (t) => {
  const { comment, deliver, forge, inbox } = await startHook(t, { deliveryMs });
  const { id } = comment('!testme');
  const payload = forge.payload(id);
  forge.misbehave({ match: { path: /issues\/comments/ }, fault: 'hang' });
  t.match(await deliver(payload), { status: 503, text: /^later/ }, 'never an answer');
  const rule = forge.misbehave({
    match: { path: /members|pulls/ },
    times: 2,
    fault: { delayMs: deliveryMs * 0.7 },
  });
  t.same(await deliver(payload), { status: 503, text: 'later: it took too long, and is left to ccci-poll' });
  await forge.waitFor(() => rule.count() === 2, { what: 'the second slow answer' });
  while (inbox().length === 0) await setImmediate();
  t.match(await deliver(payload), { status: 200, text: /^handed in/ }, 'and is harmless');
  t.equal(inbox().length, 1);
});

t.test('so many deliveries at once and no more; health goes on; room again afterwards', async (t) => {
  const { ask, comment, deliver, forge, inbox, url } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  const begun =
    head({ ...signed(payload), 'content-length': Buffer.byteLength(payload) }) + payload.slice(0, -1);
  const dead = Array.from({ length: deliveryLimit }, () => dial(url));
  for (const { socket } of dead) socket.write(begun);
  // The bodies are begun in any order: the first refusal says that all places are taken.
  let refused = await deliver(payload);
  while (refused.status === 200) refused = await deliver(payload);
  t.same(refused, { status: 503, text: 'later: too many deliveries at once' });
  t.match(await ask('/hook/healthz'), { status: 200, text: 'ok' });
  dead[0]!.socket.write(payload.slice(-1));
  t.match(await dead[0]!.answer, /^HTTP\/1\.1 (200|401) /);
  t.match(await deliver(payload), { status: 200 }, 'a place is free');
  for (const { socket } of dead) socket.destroy();
  let again = await deliver(payload);
  while (again.status !== 200) again = await deliver(payload);
  t.equal(inbox().length, 1);
});

t.test('what goes on after a late answer keeps its place until it has ended', async (t) => {
  const stopping = new AbortController();
  const kept: Reply = { status: 200, text: 'kept' };
  const pending: ((reply: Reply) => void)[] = [];
  let served = Promise.resolve();
  const url = await new Promise<string>((onListening) => {
    const receive = () => new Promise<Reply>((resolve) => pending.push(resolve));
    const health = async () => kept;
    const { signal } = stopping;
    served = serve({
      host: '127.0.0.1',
      port: 0,
      deliveryMs: 50,
      receive,
      health,
      stopping: signal,
      onListening,
    });
  });
  const post = () => ask(url, { method: 'POST', headers: signed('{}'), body: '{}' });
  let last = await post();
  while (/took too long/.test(last.text)) last = await post();
  t.match(last, { status: 503, text: 'later: too many deliveries at once' });
  t.equal(pending.length, deliveryLimit);
  pending[0]?.(kept);
  t.match(await post(), { status: 503, text: /took too long/ }, 'a place is free');
  t.equal(pending.length, deliveryLimit + 1);
  for (const resolve of pending) resolve(kept);
  stopping.abort();
  await served;
});

t.test('an end in the middle of a delivery: it is finished, and no other is taken', async (t) => {
  const { comment, forge, inbox, served, stopping, url } = await startHook(t);
  const payload = forge.payload(comment('!testme').id);
  const other = forge.payload(comment('!testme').id);
  const begun = dial(url);
  const size = Buffer.byteLength(payload);
  begun.socket.write(head({ ...signed(payload), 'content-length': size }) + payload.slice(0, 10));
  const judged = dial(url);
  forge.misbehave({ match: { path: /pulls/ }, fault: { delayMs: 300 } });
  judged.socket.write(head({ ...signed(other), 'content-length': Buffer.byteLength(other) }) + other);
  await forge.waitFor(() => forge.requests.some(({ path }) => path.includes('/pulls/')), { what: 'judging' });
  stopping.abort('SIGTERM');
  const late = dial(url);
  t.equal(await late.answer, '', 'nobody listens any more');
  t.match(await judged.answer, /^HTTP\/1\.1 200 .*connection: close.*handed in/is);
  begun.socket.write(payload.slice(10));
  t.match(await begun.answer, /^HTTP\/1\.1 200 .*handed in/s);
  await served;
  t.equal(inbox().length, 2);
});

t.test('an end does not wait for a dead client longer than for a delivery', async (t) => {
  const { served, stopping, url } = await startHook(t, { deliveryMs });
  const idle = dial(url);
  const slow = dial(url);
  // Node says that it has the head.
  const isTaken = new Promise<void>((resolve) => slow.socket.once('readable', resolve));
  slow.socket.write(`${head({ ...signed('{}'), 'content-length': 2, expect: '100-continue' })}{`);
  await Promise.all([isTaken, idle.connected]);
  stopping.abort('SIGTERM');
  await served;
  await idle.answer;
  t.match(await slow.answer, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 408 /);
});

t.test('what is no HTTP, and what is too much of it', async (t) => {
  const { ask, url, outcome } = await startHook(t);
  for (const [words, status] of [
    ['hello\r\n\r\n', 400],
    ['POST /hook HTTP/1.1\r\n\r\n', 400],
    [`GET /hook/healthz HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
    [head({ 'content-length': 2, 'transfer-encoding': 'chunked' }), 400],
    [head({ ...signed('{}'), 'transfer-encoding': 'chunked' }).concat('zz\r\n'), 400],
  ] as const) {
    const { socket, answer } = dial(url);
    socket.write(words);
    t.match(await answer, new RegExp(`^HTTP/1\\.1 ${status} `), words.slice(0, 40));
  }
  t.match(await ask('/hook/healthz'), { text: 'ok' });
  t.equal(outcome.status(), 0);
});
