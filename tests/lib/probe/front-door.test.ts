import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { type FrontDoor, loopbackAddresses, openFrontDoor } from '@ccci/lib/probe/front-door.ts';
import type { Address } from '@ccci/lib/probe/http.ts';
import t, { type Test } from 'tap';

t.test(
  'TLS ends at the door with the run’s own authority; the task gets Host and the proxy’s headers',
  async (t) => {
    const door = await open(t, await startTask(t));
    const { status, body } = await ask(door, '/a?b=c', { method: 'POST', body: 'hello' });
    t.equal(status, 201);
    t.match(JSON.parse(body), {
      method: 'POST',
      url: '/a?b=c',
      body: 'hello',
      headers: { host: 'blog-1.test', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'blog-1.test' },
    });
    t.equal(door.address, loopbackAddresses('blog-1.test')[0]);
    t.equal(door.url, door.port === 443 ? 'https://blog-1.test' : `https://blog-1.test:${door.port}`);
    t.equal(door.connect, `${door.address}:${door.port}`);
  },
);

t.test('headers that come several times and headers of the connection', async (t) => {
  const door = await open(t, await startTask(t));
  const { headers } = await ask(door, '/cookies', {});
  t.same(headers['set-cookie'], ['a=1', 'b=2']);
  t.equal(headers['keep-alive'], undefined);
});

t.test('who does not know the authority does not trust the door', async (t) => {
  const door = await open(t, await startTask(t));
  await t.rejects(ask(door, '/', { ca: '' }), { code: /UNABLE_TO_VERIFY|SELF_SIGNED|UNABLE_TO_GET/ });
});

t.test('no task is 503, a task that is gone 502, and the next request asks again', async (t) => {
  const task = await startTask(t);
  let now: Address | null = null;
  const door = await open(t, () => now);
  t.match(await ask(door, '/', {}), { status: 503, body: 'no task of the routed service runs\n' });
  now = { address: '127.0.0.1', port: 1 };
  t.match(await ask(door, '/', {}), { status: 502, body: /^the task did not answer: .*ECONNREFUSED/ });
  now = task;
  t.match(await ask(door, '/', {}), { status: 201 });
});

t.test('an upgrade passes bytes both ways', async (t) => {
  const door = await open(t, await startTask(t));
  const socket = connect({
    host: door.address,
    port: door.port,
    servername: 'blog-1.test',
    ca: readFileSync(door.caFile),
  });
  t.teardown(() => socket.destroy());
  socket.write(
    'GET /socket HTTP/1.1\r\nHost: blog-1.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nping',
  );
  let seen = '';
  for await (const chunk of socket) {
    seen += chunk;
    if (seen.includes('echo:ping')) break;
  }
  t.match(seen, /^HTTP\/1.1 101 Switching Protocols\r\n/);
});

t.test(
  'two doors side by side, on addresses of their own or else on other ports; closed at the signal',
  async (t) => {
    const task = await startTask(t);
    const controller = new AbortController();
    const [one, two, again] = [
      await open(t, task, 'blog-1.test', controller.signal),
      await open(t, task, 'blog-2.test'),
      await open(t, task, 'blog-1.test'),
    ];
    t.equal(new Set([one.connect, two.connect, again.connect]).size, 3);
    t.match(await ask(again, '/', {}), { status: 201 });
    controller.abort();
    await t.rejects(ask(one, '/', {}), { code: /ECONNREFUSED|ECONNRESET/ });
    t.match(await ask(two, '/', { host: 'blog-2.test' }), { status: 201 });
  },
);

/** A plain HTTP server that tells what it was asked. */
async function startTask(t: Test): Promise<Address> {
  const server = createServer(async (incoming: IncomingMessage, answer) => {
    const { method, url, headers } = incoming;
    if (url === '/cookies') answer.setHeader('set-cookie', ['a=1', 'b=2']);
    answer.writeHead(201).end(JSON.stringify({ method, url, headers, body: await text(incoming) }));
  });
  server.on('upgrade', (_incoming, socket, head) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n');
    const echo = (data: Buffer) => socket.write(`echo:${data}`);
    if (head.length > 0) echo(head);
    socket.on('data', echo).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

async function open(
  t: Test,
  task: Address | (() => Address | null),
  domain = 'blog-1.test',
  signal = new AbortController().signal,
): Promise<FrontDoor> {
  const resolve = async () => (typeof task === 'function' ? task() : task);
  const workDir = mkdtempSync(join(tmpdir(), 'ccci-door-'));
  t.teardown(() => rmSync(workDir, { recursive: true }));
  const door = await openFrontDoor({ domain, resolve, workDir, signal });
  t.teardown(door.close);
  return door;
}

type Question = {
  readonly method?: string;
  readonly body?: string;
  readonly ca?: string;
  readonly host?: string;
};

function ask(
  door: FrontDoor,
  path: string,
  { method = 'GET', body = '', ca, host = 'blog-1.test' }: Question,
) {
  return new Promise<{ status: number | undefined; headers: IncomingMessage['headers']; body: string }>(
    (resolve, reject) => {
      const outgoing = request(
        {
          host: door.address,
          port: door.port,
          servername: host,
          headers: { host },
          path,
          method,
          ca: ca ?? readFileSync(door.caFile),
          agent: false,
        },
        async (answer) =>
          resolve({ status: answer.statusCode, headers: answer.headers, body: await text(answer) }),
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    },
  );
}
