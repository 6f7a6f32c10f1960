/**
 * Where a program is killed: as it begins its `nth` call of this name. `first`: calls of its first thread alone (what
 * goes to pipes and sockets); `all`: of any of its threads, each counted by itself (files are the pool's).
 */
export type Strike = {
  readonly program: string;
  readonly call: string;
  readonly threads: 'first' | 'all';
  readonly nth: number;
};

/** Calls in which a program says something durable or to somebody else, as Node makes them. */
export const calls = {
  first: ['write', 'writev', 'sendto', 'sendmsg', 'connect'],
  all: ['write', 'pwrite64', 'rename', 'renameat2', 'link', 'unlink', 'fsync', 'fdatasync'],
} as const;

/** A command that is killed at a strike; not by `--seccomp-bpf`, with which this kernel loses the signal. */
export function struck(command: string, { call, threads, nth }: Strike): string {
  const follow = threads === 'all' ? '-f ' : '';
  return `strace ${follow}-qq -o /dev/null -e trace=${call} -e inject=${call}:signal=KILL:when=${nth} ${command}`;
}

/** A command whose calls are written to a file, with threads and what the descriptors are. */
export function traced(command: string, log: string): string {
  const names = [...new Set([...calls.first, ...calls.all])].join(',');
  return `strace -f -qq -y --seccomp-bpf -s 0 -o ${log} -e trace=execve,${names} ${command}`;
}

/** `pipe ccci-dedupe all fsync 3`, as `parseStrike` reads it. */
export function nameOf(scene: string, { program, threads, call, nth }: Strike): string {
  return `${scene} ${program} ${threads} ${call} ${nth}`;
}

export function parseStrike(name: string): { readonly scene: string; readonly strike: Strike } {
  const [scene = '', program = '', threads, call = '', nth] = name.split(' ');
  if ((threads !== 'first' && threads !== 'all') || !(Number(nth) > 0)) {
    throw new Error(
      `${JSON.stringify(name)} names no point; expected <scene> <program> first|all <call> <n>`,
    );
  }
  return { scene, strike: { program, threads, call, nth: Number(nth) } };
}
