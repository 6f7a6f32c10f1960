import { resolve } from 'node:path';
import type { Config } from '@ccci/lib/config/schema.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Ingress } from '@ccci/lib/stages/ingress.ts';

type Section = Pick<Config['stage'], 'ingress' | 'proxy' | 'proxyConnect' | 'proxyCaFile'>;

/** The way in, as it is configured. `Failure` 78 where the proxy has no name. */
export function readIngress({ ingress, proxy, proxyConnect, proxyCaFile }: Section, cwd: string): Ingress {
  if (ingress === 'direct') return { kind: 'direct' };
  if (proxy === undefined) {
    const message = 'stage.ingress is traefik, but stage.proxy does not say which service or container it is';
    throw new Failure(exitStatus.configuration, 'bad-configuration', message, {
      hint: 'set stage.proxy, such as traefik_example_com_app (docker service ls names it)',
    });
  }
  const [, address = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(proxyConnect) ?? [];
  const caFile = proxyCaFile === undefined ? null : resolve(cwd, proxyCaFile);
  return { kind: 'traefik', proxy, connect: { address, port: Number(port) }, caFile };
}
