import type { Facts } from '@ccci/lib/doctor/facts.ts';

/** A machine on which nothing is missing; `changes` are what a test is about. */
export function machine(changes: Partial<Facts> = {}): Facts {
  return {
    system: 'debian',
    node: 'v24.1.0',
    client: { ok: true, value: '26.1.5' },
    engine: { ok: true, value: '26.1.5' },
    namedHost: null,
    programs: { git: '2.47.3', flock: '2.41', restic: '0.18.0' },
    missingForSandbox: [],
    sandboxRefused: null,
    namespaces: null,
    pytest: '/usr/bin/python3',
    chromium: '/usr/bin/chromium',
    isRoot: false,
    disks: [{ path: '/home/ana/.local/state/ccci/runs', freeMb: 50_000 }],
    memoryMb: 4_000,
    needed: { minDiskMb: 1_024, minMemoryMb: 256 },
    ...changes,
  };
}
