import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
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

t.test('where a redirect leads', async (t) => {
  t.equal(redirectPath('//blog-1.test/x', host, '/'), '/x');
  t.equal(redirectPath('http://BLOG-1.test:8080/x', host, '/'), '/x');
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
