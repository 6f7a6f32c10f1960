import { execFileSync } from 'node:child_process';

const kinds: Readonly<Record<string, readonly string[]>> = {
  stack: ['stack', 'ls', '--format', '{{.Name}}'],
  service: ['service', 'ls', '--format', '{{.Name}}'],
  container: ['ps', '--all', '--format', '{{.Names}}'],
  volume: ['volume', 'ls', '--format', '{{.Name}}'],
  secret: ['secret', 'ls', '--format', '{{.Name}}'],
  config: ['config', 'ls', '--format', '{{.Name}}'],
  network: ['network', 'ls', '--format', '{{.Name}}'],
};

/** Networks that an engine in a swarm always has. */
const engineNetworks = ['bridge', 'host', 'none', 'ingress', 'docker_gwbridge'];

/** What is on the engine by kind, as the `docker` command lists it; `of` keeps to names that begin with it. */
export function leftOnEngine(of = ''): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(kinds).map(([kind, args]) => [
      kind,
      execFileSync('docker', args, { encoding: 'utf8' })
        .split('\n')
        .filter((name) => name !== '' && name.startsWith(of) && !engineNetworks.includes(name)),
    ]),
  );
}

/** `leftOnEngine` where nothing is left. */
export const nothing: Record<string, string[]> = Object.fromEntries(
  Object.keys(kinds).map((kind) => [kind, []]),
);
