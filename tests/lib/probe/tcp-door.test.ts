import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { openTcpDoor } from '@ccci/lib/probe/tcp-door.ts';
import t from 'tap';

t.test('bytes go both ways, half-closed too, and it closes with the run', async (t) => {
  const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const ending = new AbortController();
  let isUp = true;
  const door = await openTcpDoor(
    {
      domain: 'mail-1.test',
      resolve: async () => (isUp ? { address: '127.0.0.1', port } : null),
      workDir: t.testdir(),
      signal: ending.signal,
    },
    1025,
  );
  t.match(door.url, /^tcp:\/\/mail-1\.test:\d+$/);
  t.match(door.connect, /^127\./);
  const talk = async (text: string) => {
    const socket = connect({ host: door.address, port: door.port });
    socket.end(text);
    let back = '';
    for await (const piece of socket) back += piece;
    return back;
  };
  t.equal(await talk('hello'), 'hello');
  isUp = false;
  t.equal(await talk('hello').catch(() => ''), '', 'nobody answers while no task runs');
  ending.abort();
  const late = connect({ host: door.address, port: door.port });
  const [error] = await once(late, 'error');
  t.match(error, { code: 'ECONNREFUSED' });
});
