import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const bootMs = 60_000;
const callMs = 180_000;

/** A systemd of its own: process 1 in namespaces, on an overlay of this machine's root; the network is the caller's. */
export type Lab = {
  /** Its process 1, as seen from here. */
  readonly pid: number;
  /** A path inside, as it is reached from here. */
  readonly path: (inside: string) => string;
  /** Runs a command inside, as root; rejects with its words where it fails. */
  readonly call: (command: readonly string[]) => Promise<string>;
  /** Runs a command as a running service would: its user, groups and view of the files. Resolves with how it ended. */
  readonly callAs: (service: string, command: readonly string[]) => Promise<Tried>;
  /** Ends everything in it; resolves when nothing is left. */
  readonly stop: () => Promise<void>;
};

export type Tried = { readonly exit: number; readonly words: string };

/** Shown inside: from where, to where. */
export type Bind = { readonly from: string; readonly to: string };

/** Boots it in a folder of its own. Needs root. Rejects with what it said where it is not up within a minute. */
export async function startSystemd(dir: string, binds: readonly Bind[]): Promise<Lab> {
  mkdirSync(dir, { recursive: true });
  execFileSync('mkfifo', [join(dir, 'ready')]);
  writeFileSync(join(dir, 'binds'), binds.map(({ from, to }) => `${from} ${to}\n`).join(''));
  const log = openSync(join(dir, 'log'), 'w');
  const boot = spawn(join(import.meta.dirname, 'boot.sh'), [dir], { stdio: ['ignore', log, log] });
  const said = () => readFileSync(join(dir, 'log'), 'utf8').trim().split('\n').slice(-20).join('\n');
  const signal = AbortSignal.timeout(bootMs);
  const ended = once(boot, 'close', { signal }).then(() => {
    throw new Error(`systemd ended before it was up: ${said()}`);
  });
  try {
    await Promise.race([readFile(join(dir, 'ready'), { signal }), ended]);
  } catch (error) {
    boot.kill('SIGKILL');
    throw new Error(`systemd did not come up: ${said()}`, { cause: error });
  }
  ended.catch(() => {});
  const lab = makeLab(dir, boot);
  // Nothing more is changed there, and sandboxes need a whole /proc.
  await lab.call(['umount', '--lazy', '/proc/sys']);
  return lab;
}

function makeLab(dir: string, boot: ChildProcess): Lab {
  const pid = Number(readFileSync(join(dir, 'init.pid'), 'utf8'));
  const enter = ['nsenter', '-t', String(pid), '-m', '-p', '-u', '-i', '-C', '--wd=/', '--'];
  const path = 'PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const call = async (command: readonly string[]) => {
    const [program, ...args] = [...enter, 'env', '-i', path, ...command];
    const { stdout } = await run(program as string, args, { timeout: callMs, maxBuffer: 1e8 });
    return stdout.trim();
  };
  return {
    pid,
    path: (inside) => `/proc/${pid}/root${inside}`,
    call,
    callAs: async (service, command) => {
      const main = await call(['systemctl', 'show', '--value', '-p', 'MainPID', service]);
      const status = await call(['cat', `/proc/${main}/status`]);
      const [, uid] = /^Uid:\s+(\d+)/m.exec(status) ?? [];
      const [, gid] = /^Gid:\s+(\d+)/m.exec(status) ?? [];
      const [, groups = ''] = /^Groups:\s*(.*)$/m.exec(status) ?? [];
      const others =
        groups.trim() === '' ? '--clear-groups' : `--groups=${groups.trim().replaceAll(' ', ',')}`;
      const become = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, others, '--bounding-set=-all', '--'];
      try {
        return { exit: 0, words: await call(['nsenter', '-t', main, '-m', '--', ...become, ...command]) };
      } catch (error) {
        const { code, stderr } = error as { code?: number; stderr?: string };
        return { exit: code ?? -1, words: String(stderr).trim() };
      }
    },
    stop: async () => {
      const ended = boot.exitCode === null ? once(boot, 'close') : undefined;
      process.kill(pid, 'SIGKILL');
      await ended;
      removeGroup(readFileSync(join(dir, 'cgroup'), 'utf8').trim());
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The kernel needs a moment to let go of the last process of a group; what is left then is left. */
function removeGroup(group: string): void {
  execFileSync('sh', [
    '-c',
    'for try in 1 2 3 4 5 6 7 8 9 10; do find "$0" -depth -type d -exec rmdir {} + 2>/dev/null; [ -d "$0" ] || break; sleep 0.1; done; :',
    group,
  ]);
}
