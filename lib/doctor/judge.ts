import { type Check, type CheckState, fine, packages, wanting } from './check.ts';
import type { Facts } from './facts.ts';
import { judgeClient, judgeEngine } from './judge-engine.ts';
import { judgeChromium, judgeNode, judgePytest, judgeSandbox } from './judge-tests.ts';

/** All checks, in the order in which a person would mend them. Pure. */
export function judgeMachine(facts: Facts): readonly Check[] {
  return [
    judgeClient(facts),
    ...judgeEngine(facts),
    needed(facts, 'git', 'git', 'pkgs.git'),
    needed(facts, 'flock', 'util-linux', 'pkgs.util-linux'),
    ...facts.disks.map((disk) => judgeDisk(facts, disk)),
    judgeMemory(facts),
    judgeRestic(facts),
    judgeSandbox(facts),
    judgePytest(facts),
    judgeNode(facts),
    judgeChromium(facts),
  ];
}

/** The worst of them: a full run, a part of it, or none. */
export function worst(checks: readonly Check[]): CheckState {
  const states = checks.map(({ state }) => state);
  return states.includes('missing') ? 'missing' : states.includes('partly') ? 'partly' : 'ok';
}

/** What a run needs whatever it does. */
function needed(facts: Facts, name: 'git' | 'flock', debian: string, nixos: string): Check {
  const version = facts.programs[name];
  if (version !== null) return fine(name, version);
  return wanting(facts.system, {
    ...{ name, state: 'missing', found: 'not on the PATH', affects: 'nothing can be tested' },
    cure: packages(debian, nixos),
  });
}

function judgeRestic({ system, programs: { restic } }: Facts): Check {
  if (restic !== null) return fine('restic', restic);
  return wanting(system, {
    ...{ name: 'restic', state: 'partly', found: 'not on the PATH' },
    affects: 'backup and restore will be "not run"',
    cure: packages('restic', 'pkgs.restic'),
  });
}

function judgeDisk(
  { system, needed: { minDiskMb } }: Facts,
  { path, freeMb }: Facts['disks'][number],
): Check {
  const name = 'disk';
  const found = `${sizeWords(freeMb)} free in ${path}`;
  if (freeMb >= minDiskMb) return fine(name, found);
  const command = 'docker system prune, ccci janitor, or lower stage.minDiskMb in the configuration';
  return wanting(system, {
    ...{ name, state: 'missing', found: `${found}, a run needs ${sizeWords(minDiskMb)}` },
    affects: 'nothing begins until there is room',
    cure: { debian: command, nixos: command },
  });
}

function judgeMemory({ system, memoryMb, needed: { minMemoryMb } }: Facts): Check {
  if (memoryMb === null) return fine('memory', 'not known on this system');
  const found = `${sizeWords(memoryMb)} available`;
  if (memoryMb >= minMemoryMb) return fine('memory', found);
  const command = 'end something that is large, or lower stage.minMemoryMb in the configuration';
  return wanting(system, {
    ...{ name: 'memory', state: 'missing', found: `${found}, a run needs ${sizeWords(minMemoryMb)}` },
    affects: 'nothing begins until there is room',
    cure: { debian: command, nixos: command },
  });
}

/** Where there is plenty, nobody counts. */
function sizeWords(mb: number): string {
  return mb < 10_240 ? `${mb} MiB` : `${Math.floor(mb / 1_024)} GiB`;
}
