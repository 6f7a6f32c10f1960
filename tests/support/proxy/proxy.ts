import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeCertificate } from '@ccci/lib/probe/certificate.ts';
import type { Test } from 'tap';
import type { Box } from '../engine/box.ts';

const top = join(import.meta.dirname, '..', '..', '..');

export type Proxy = {
  /** Name of its container. */
  readonly name: string;
  /** Where it takes HTTPS: reachable in the box. */
  readonly connect: string;
  /** PEM of who vouches for it. */
  readonly caFile: string;
  /** Networks that it is on, in the engine's words. */
  readonly networks: () => string[];
};

/**
 * Starts the stand-in for Traefik as a container of the box: this machine's own Node with its
 * libraries, mounted into it, so that no image has to be made. It goes with the test.
 */
export async function startProxy(t: Test, box: Box, domains: readonly string[]): Promise<Proxy> {
  const dir = mkdtempSync(join(tmpdir(), 'ccci-proxy-'));
  const { ca, cert, key } = await makeCertificate(domains, new Date());
  const [caFile, certFile, keyFile] = (['ca', 'cert', 'key'] as const).map((name) =>
    join(dir, `${name}.pem`),
  ) as [string, string, string];
  writeFileSync(caFile, ca);
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const name = `proxy-${dir.slice(-6).toLowerCase()}`;
  const shown = ['/lib', '/lib64', '/usr/lib', top, dirname(process.execPath), dir, box.socket].filter(
    existsSync,
  );
  docker(
    ...['run', '--detach', '--name', name, '--entrypoint', process.execPath],
    ...shown.flatMap((path) => ['--volume', `${path}:${path}:ro`]),
    ...['lab.invalid/web:1', ...process.execArgv, join(import.meta.dirname, 'main.ts')],
    ...[box.socket, certFile, keyFile],
  );
  t.teardown(() => {
    docker('rm', '--force', '--volumes', name);
    rmSync(dir, { recursive: true });
  });
  const address = inspect(name, '{{.NetworkSettings.Networks.bridge.IPAddress}}');
  const networks = () =>
    inspect(name, '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}')
      .split(' ')
      .filter(Boolean);
  return { name, connect: `${address}:443`, caFile, networks };
}

function inspect(name: string, format: string): string {
  return docker('inspect', '--format', format, name);
}

function docker(...args: readonly string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', timeout: 60_000 }).trim();
}
