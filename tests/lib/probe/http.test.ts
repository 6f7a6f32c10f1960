import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createRawServer, type Socket } from 'node:net';
import { makeCertificate } from '@ccci/lib/probe/certificate.ts';
import { type Address, probeHttp, redirectPath, waitHttp } from '@ccci/lib/probe/http.ts';
import { waitTcp } from '@ccci/lib/probe/tcp.ts';
import t, { type Test } from 'tap';

const host = 'blog-1.test';

t.test('the last answer counts; redirects are followed while they stay on the domain', async (t) => {
  const task = await startTask(t, (path) => {
    if (path === '/moved') return [302, `https://${host}/here?x=1`];
    if (path === '/relative') return [301, '/here?x=1'];
    if (path === '/away') return [302, 'https://login.test/'];
    if (path === '/loop') return [302, '/loop'];
    return [path === '/here?x=1' ? 200 : 404];
  });
  const probe = (path: string, ok?: number[]) =>
    probeHttp({ ...task, host, path, timeoutMs: 5_000, ...(ok ? { ok } : {}) });
  t.match(await probe('/moved'), { ok: true, status: 200, message: null });
  t.match(await probe('/relative'), { ok: true, status: 200 });
  t.match(await probe('/nothing'), {
    ok: false,
    status: 404,
    message: '/nothing answered 404, expected 200',
  });
  t.match(await probe('/nothing', [401, 404]), { ok: true, status: 404 });
  t.match(await probe('/away'), {
    ok: false,
    status: 302,
    message: '/away answered 302 with a redirect to https://login.test/, expected 200',
  });
  t.match(await probe('/away', [200, 302]), { ok: true, status: 302 });
  t.match(await probe('/loop'), { ok: false, message: '/loop redirects more than 10 times' });
  t.match(await probeHttp({ address: '127.0.0.1', port: 1, host, path: '/', timeoutMs: 5_000 }), {
    ok: false,
    status: null,
    message: /ECONNREFUSED/,
  });
});

t.test('a task that takes the connection and says nothing', async (t) => {
  const task = await startTask(t, () => null);
  t.match(await probeHttp({ ...task, host, path: '/', timeoutMs: 200 }), {
    ok: false,
    status: null,
    message: '/: no answer within 0.2 s',
  });
});

t.test('answers of all kinds: only the head counts', async (t) => {
  const bodies: Record<string, (socket: Socket) => void> = {
    '/endless': (socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      socket.write('5\r\nhello\r\n');
    },
    '/huge': (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\nx'),
    '/old': (socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nuntil the end'),
    '/kept': (socket) =>
      void socket.write('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n'),
    '/hints': (socket) => void socket.write('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'),
    '/cut': (socket) => void socket.end('HTTP/1.1 200'),
    '/noise': (socket) => void socket.end('SSH-2.0-OpenSSH_9.2\r\n'),
  };
  const task = await startRaw(t, bodies);
  const probe = (path: string) => probeHttp({ ...task, host, path, timeoutMs: 5_000 });
  for (const path of ['/endless', '/huge', '/old', '/kept', '/hints'])
    t.match(await probe(path), { ok: true, status: 200 }, path);
  t.match(await probe('/cut'), { ok: false, status: null, message: /^\/cut: / });
  t.match(await probe('/noise'), { ok: false, status: null, message: /Parse Error/ });
});

t.test("the proxy's own 404 is never healthy, the application's may be", async (t) => {
  const own =
    'HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 19\r\n\r\n404 page not found\n';
  const theirs = 'HTTP/1.1 404 Not Found\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno';
  const task = await startRaw(t, {
    '/own': (socket) => void socket.end(own),
    '/theirs': (socket) => void socket.end(theirs),
  });
  const probe = (path: string, isProxy: boolean) =>
    probeHttp({ ...task, isProxy, host, path, ok: [404], timeoutMs: 5_000 });
  t.match(await probe('/own', true), {
    ok: false,
    message: '/own answered 404 by the proxy itself, which has no route to blog-1.test',
  });
  t.match(await probe('/theirs', true), { ok: true, status: 404 });
  t.match(await probe('/own', false), { ok: true, status: 404 }, 'a task may answer as it likes');
});

t.test('a task that speaks TLS itself', async (t) => {
  const { cert, key } = await makeCertificate(['unrelated.test'], new Date());
  const server = createTlsServer({ cert, key }, (_incoming, answer) => answer.end('x'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const task = { address: '127.0.0.1', port, tls: true, by: 'task 1' };
  t.match(await probeHttp({ ...task, host, path: '/', timeoutMs: 5_000 }), { ok: true, by: 'task 1' });
  t.match(await probeHttp({ ...task, tls: false, host, path: '/', timeoutMs: 5_000 }), { ok: false });
});

t.test('where a redirect leads', async (t) => {
  t.equal(redirectPath('//blog-1.test/x', host, '/'), '/x');
  t.equal(redirectPath('http://BLOG-1.test/x', host, '/'), '/x', 'the proxy leads back to https');
  t.equal(redirectPath('https://blog-1.test:443/x?y#z', host, '/'), '/x?y');
  t.equal(redirectPath('http://blog-1.test:8080/x', host, '/'), null, 'the proxy serves no other port');
  t.equal(redirectPath('https://www.blog-1.test/', host, '/'), null, 'nobody serves www.');
  t.equal(redirectPath('ftp://blog-1.test/', host, '/'), null);
  t.equal(redirectPath('?x=1', host, '/a/b'), '/a/b?x=1');
  t.equal(redirectPath('https://[', host, '/'), null);
  t.equal(redirectPath('x', host, '/a/b'), '/a/x');
  t.equal(redirectPath('https://blog-1.test.evil/', host, '/'), null);
  t.equal(redirectPath(undefined, host, '/'), null);
});

t.test('waiting: until it is well, and bounded with the last answer in words', async (t) => {
  let asked = 0;
  const task = await startTask(t, () => [++asked < 4 ? 502 : 200]);
  let resolved = 0;
  const resolve = async () => (++resolved < 3 ? null : task);
  t.match(await waitHttp({ resolve, host, path: '/', timeoutMs: 20_000 }), { ok: true, status: 200 });
  t.equal(asked, 4);
  const bad = await startTask(t, () => [503]);
  t.match(await waitHttp({ resolve: async () => bad, host, path: '/', timeoutMs: 300 }), {
    ok: false,
    status: 503,
    message: '/ answered 503, expected 200, for 0.3 s',
  });
  const stopped = waitHttp({
    resolve: async () => null,
    host,
    path: '/',
    timeoutMs: 20_000,
    signal: AbortSignal.timeout(100),
  });
  await t.rejects(stopped, { code: 'aborted' });
});

t.test('a port', async (t) => {
  const task = await startTask(t, () => [200]);
  t.match(await waitTcp({ resolve: async () => task, stableMs: 300, timeoutMs: 10_000 }), {
    ok: true,
    message: null,
  });
  const closed = { address: '127.0.0.1', port: 1 };
  t.match(await waitTcp({ resolve: async () => closed, timeoutMs: 300 }), {
    ok: false,
    message: /^port 1: .*ECONNREFUSED.*, for 0.3 s$/,
  });
});

/** A server that writes for each path what it is told, as it is. */
async function startRaw(t: Test, answers: Record<string, (socket: Socket) => void>): Promise<Address> {
  const server = createRawServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => answers[data.toString().split(' ')[1] ?? '']?.(socket));
    t.teardown(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** A server that answers each path with a status and a place to go; null: never. */
async function startTask(t: Test, answerFor: (path: string) => [number, string?] | null): Promise<Address> {
  const server = createServer((incoming, answer) => {
    const reply = answerFor(incoming.url ?? '');
    if (reply === null) return;
    const [status, location] = reply;
    answer.writeHead(status, location === undefined ? {} : { location }).end(`Host ${incoming.headers.host}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}
