import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { codeOf, exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';

export type ListenOptions = { readonly host: string; readonly port: number };

/** Lets a server listen and gives its web address, `http://127.0.0.1:8791`; a `Failure` 69 says why it cannot. */
export function listen(server: Server, { host, port }: ListenOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(cannotListen(error, { host, port }));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      const { address, family, port: taken } = server.address() as AddressInfo;
      resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`);
    });
  });
}

const known: Readonly<Record<string, { readonly code: string; readonly hint: string }>> = {
  EADDRINUSE: { code: 'port-taken', hint: 'another program listens there: end it, or choose another --port' },
  EACCES: {
    code: 'port-forbidden',
    hint: 'ports below 1024 need a privilege: choose another --port, with a reverse proxy in front of it',
  },
  EADDRNOTAVAIL: { code: 'no-such-address', hint: '--host must be an address of this machine' },
  ENOTFOUND: { code: 'no-such-address', hint: '--host must be an address of this machine' },
};

function cannotListen(error: Error, { host, port }: ListenOptions): Failure {
  const { code, hint } = known[codeOf(error) ?? ''] ?? { code: 'cannot-listen', hint: undefined };
  const message = `cannot listen on ${host}, port ${port}: ${messageOf(error)}`;
  return new Failure(exitStatus.unavailable, code, message, { cause: error, hint });
}
