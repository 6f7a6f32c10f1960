import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Another machine, behind this one: a network namespace with a web server on port 80. */
export type Elsewhere = { readonly close: () => void };

/**
 * Makes one that has these addresses (with their prefix; this machine has the last one of each network for its own). It
 * answers `reached`, to whom it is reached by, and sends what is for others back here.
 */
export async function startElsewhere(addresses: readonly Address[]): Promise<Elsewhere> {
  const program = `require('node:http').createServer((_, answer) => answer.end('reached')).listen(80, '::', () => console.log('up'))`;
  const server = spawn('unshare', ['--net', process.execPath, '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(server.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  const inside = ['nsenter', '-t', String(server.pid), '-n', '--', 'ip'];
  ip('link', 'add', 'elsewhere', 'type', 'veth', 'peer', 'name', 'here', 'netns', String(server.pid));
  ip('link', 'set', 'elsewhere', 'up');
  const [enter = '', ...rest] = inside;
  const there = (...args: readonly string[]) => execFileSync(enter, [...rest, ...args]);
  there('link', 'set', 'lo', 'up');
  there('link', 'set', 'here', 'up');
  for (const { theirs, ours, prefix } of addresses) {
    // Known to be alone: an address of IPv6 can be used at once.
    const alone = theirs.includes(':') ? ['nodad'] : [];
    there('address', 'add', `${theirs}/${prefix}`, 'dev', 'here', ...alone);
    ip('address', 'add', `${ours}/${prefix}`, 'dev', 'elsewhere', ...alone);
  }
  for (const family of ['-4', '-6']) {
    const via = addresses.find(({ ours }) => ours.includes(':') === (family === '-6'));
    if (via !== undefined) there(family, 'route', 'add', 'default', 'via', via.ours);
  }
  return { close: () => void server.kill('SIGKILL') };
}

/** One network between here and there. */
export type Address = { readonly theirs: string; readonly ours: string; readonly prefix: number };

function ip(...args: readonly string[]): void {
  execFileSync('ip', args);
}
