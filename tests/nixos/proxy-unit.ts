/** The unit of the proxy as the module makes it, with a stand-in for Traefik's image. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeNix, onHost } from '../support/nix/lab.ts';
import type { EvaluatedUnit } from '../support/nix/unit-text.ts';
import { plainHost } from './hosts.ts';

const call = promisify(execFile);
const image = 'lab.invalid/traefik:3';

export type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** PEM texts; what is not there is no credential. */
export type Pair = { readonly cert?: string; readonly key?: string };

/** Runs the proxy's script as the unit does, with these credentials. */
export type ProxyUnit = (pair: Pair) => Promise<Ended>;

/** Runs a script of `modules/host`. */
export function runScript(name: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const script = join(import.meta.dirname, '..', '..', 'modules', 'host', `${name}.sh`);
  return call('bash', [script], { env: { ...process.env, ...env }, timeout: 180_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: Ended) => error,
  );
}

/** Evaluates the unit; its stack asks the engine of this socket. */
export async function makeProxyUnit(dir: string, socket: string): Promise<ProxyUnit> {
  const host = plainHost(`services.ccci = {
    stage.domain = "ci.example.org";
    proxy = { enable = true; image = "${image}"; certificateFile = "/run/c"; keyFile = "/run/k"; };
  };`);
  const unit = `let r = ${onHost(host)}; in r.pkgs.writeText "unit" (builtins.toJSON r.units.services.ccci-proxy)`;
  const built = readFileSync(await makeNix(join(dir, 'nix')).build(unit), 'utf8');
  const { environment, after, requires } = JSON.parse(built) as EvaluatedUnit;
  if (![after, requires].every((names) => names?.includes('ccci-swarm.service')))
    throw new Error('the proxy is not ordered after the swarm');
  const { HOME: _, CCCI_PROXY_STACK: made = '', ...rest } = environment ?? {};
  const stack = join(dir, 'stack.yml');
  const mount = '/var/run/docker.sock:/';
  const text = readFileSync(made, 'utf8');
  if (!text.includes(`"${mount}`)) throw new Error('the proxy has no engine to ask');
  writeFileSync(stack, text.replace(mount, `${socket}:/`));
  return ({ cert, key }) => {
    const credentials = join(dir, 'credentials');
    rmSync(credentials, { recursive: true, force: true });
    mkdirSync(credentials);
    if (cert !== undefined) writeFileSync(join(credentials, 'certificate'), cert, { mode: 0o400 });
    if (key !== undefined) writeFileSync(join(credentials, 'key'), key, { mode: 0o400 });
    return runScript('proxy', { ...rest, CCCI_PROXY_STACK: stack, CREDENTIALS_DIRECTORY: credentials });
  };
}

/** Traefik's image cannot be had without a registry: this one shows what it was given on port 443, and speaks no TLS. */
export async function makeStandIn(dir: string): Promise<void> {
  const program = join(dir, 'traefik');
  const text = `#!/bin/sh
mkdir /shown
echo "$*" >/shown/arguments
cp /run/secrets/certificate /etc/traefik/dynamic.yml /shown
{ ip address; ls -l /var/run/docker.sock; } >/shown/facts
httpd -f -p 443 -h /shown &
trap 'kill $!; exit' TERM
wait
`;
  writeFileSync(program, text, { mode: 0o755 });
  const docker = async (...args: readonly string[]) => (await call('docker', args)).stdout.trim();
  const id = await docker('create', 'lab.invalid/web:1');
  await docker('cp', program, `${id}:/bin/traefik`);
  const changes = ['ENTRYPOINT ["/bin/traefik"]', 'CMD []'];
  await docker('commit', ...changes.flatMap((change) => ['--change', change]), id, image);
  await docker('rm', id);
}

/** A file that the stand-in shows; empty while it does not answer. What was sent before its port was there is never answered. */
export function shown(name: string): Promise<string> {
  const signal = AbortSignal.timeout(2_000);
  return fetch(`http://127.0.0.1:443/${name}`, { signal }).then(
    (answer) => answer.text(),
    () => '',
  );
}
