import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connectEngine, type Engine } from '@ccci/lib/swarm/engine.ts';
import type { Test } from 'tap';

/** What a member of a swarm says of itself that may deploy. */
export const manager = { Swarm: { LocalNodeState: 'active', ControlAvailable: true, NodeID: 'n1' } };

/** An engine that answers `/version`, and everything else with this. */
export function answering(t: Test, info: object): Promise<Engine> {
  return serve(t, (path) => [
    200,
    path.endsWith('/version') ? { Version: '20.10', ApiVersion: '1.41' } : info,
  ]);
}

/** An engine that answers as it is told; null: not at all. Gone when the test is over. */
export async function serve(t: Test, answerFor: (path: string) => [number, object] | null): Promise<Engine> {
  const server: Server = createServer((incoming, answer) => {
    const reply = answerFor(incoming.url ?? '');
    if (reply !== null) answer.writeHead(reply[0]).end(JSON.stringify(reply[1]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return connectEngine(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
