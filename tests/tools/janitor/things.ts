import { execFileSync } from 'node:child_process';

/** Runs the `docker` command in the box; gives what it says. */
export function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8', timeout: 60_000 }).trim();
}

/** Who things belong to; without a run, or without labels at all. */
export type Belongs = { readonly owner?: string; readonly run?: string };

/** Makes one of each kind of thing, named after `name`; the container has an anonymous volume. */
export function makeThings(name: string, { owner, run }: Belongs): void {
  const labels = [
    ...(owner === undefined ? [] : ['--label', `ccci.owner=${owner}`]),
    ...(run === undefined ? [] : ['--label', `ccci.run=${run}`]),
  ];
  docker('volume', 'create', ...labels, `${name}_data`);
  docker('network', 'create', '--driver', 'overlay', '--attachable', ...labels, `${name}_net`);
  execFileSync('docker', ['config', 'create', ...labels, `${name}_config`, '-'], {
    input: 'x',
    stdio: 'pipe',
  });
  execFileSync('docker', ['secret', 'create', ...labels, `${name}_secret`, '-'], {
    input: 'x',
    stdio: 'pipe',
  });
  const volumes = ['--volume', '/anonymous', '--volume', `${name}_data:/data`];
  docker('create', '--name', `${name}_app`, ...labels, ...volumes, 'lab.invalid/web:1');
}

/** What is there by that name, as `docker` lists it. */
export function thingsOf(name: string): string[] {
  const lists: readonly (readonly string[])[] = [
    ['ps', '--all', '--format', 'container {{.Names}}'],
    ['volume', 'ls', '--format', 'volume {{.Name}}'],
    ['network', 'ls', '--format', 'network {{.Name}}'],
    ['config', 'ls', '--format', 'config {{.Name}}'],
    ['secret', 'ls', '--format', 'secret {{.Name}}'],
    ['service', 'ls', '--format', 'service {{.Name}}'],
  ];
  return lists
    .flatMap((args) => docker(...args).split('\n'))
    .filter((line) => line.split(' ')[1]?.startsWith(`${name}_`))
    .sort();
}

/** Names of the volumes that the container of these things has, the anonymous one among them. */
export function volumesOf(name: string): string[] {
  return docker('inspect', '--format', '{{range .Mounts}}{{.Name}} {{end}}', `${name}_app`).split(' ');
}

/** Those of them that are there. */
export function volumesThere(names: readonly string[]): string[] {
  const all = docker('volume', 'ls', '--quiet').split('\n');
  return names.filter((name) => all.includes(name));
}
