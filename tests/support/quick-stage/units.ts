import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QuickSite } from './site.ts';

/** Programs that run as a service does: started again, at once, whenever they have ended. */
export type Units = {
  /** Kills a program where it is now; false when it is not there at this moment. */
  readonly kill: (program: string) => boolean;
  /** What a program's unit has said on standard error since its last start. */
  readonly said: (program: string) => string;
  /** How often a unit was started again. */
  readonly restarts: () => number;
  /** What ended though nobody had killed it; must stay empty. */
  readonly failures: readonly string[];
  /** SIGTERM to all, once; resolves when they have ended. */
  readonly stop: () => Promise<void>;
};

/** A unit is a pipe of commands. */
export type Unit = readonly string[];

/** All programs in one pipe, with a fast poll. */
export const oneUnit: readonly Unit[] = [
  ['ccci-poll --interval-ms 200', 'ccci-dedupe', 'ccci-stage --slots 2', 'ccci-report'],
];

/** As services run it: the directory is what they share. */
export const manyUnits: readonly Unit[] = [
  ['ccci-poll --interval-ms 200', 'ccci-dedupe --spool "$CCCI_TEST_STATE"'],
  ['ccci-stage --spool "$CCCI_TEST_STATE" --slots 2'],
  ['ccci-report --spool "$CCCI_TEST_STATE"'],
];

/** The receiver of webhooks, on any port. */
export const hookUnit: Unit = ['ccci-hook --port 0'];

/** Starts units on a site; each runs in a process group of its own. */
export function startUnits(site: Pick<QuickSite, 'dir' | 'env'>, units: readonly Unit[]): Units {
  const pids = join(site.dir, 'pids');
  mkdirSync(pids, { recursive: true });
  const failures: string[] = [];
  const started = units.map((unit) => keepUp(unit, { site, pids, failures }));
  const unitOf = (program: string) => {
    const unit = started.find(({ programs }) => programs.includes(program));
    if (unit === undefined) throw new Error(`no unit has ${program}`);
    return unit;
  };
  return {
    kill: (program) => unitOf(program).kill(program),
    said: (program) => unitOf(program).said(),
    restarts: () => started.reduce((sum, { restarts }) => sum + restarts(), 0),
    failures,
    stop: async () => void (await Promise.all(started.map(({ stop }) => stop()))),
  };
}

type Keeping = {
  readonly site: Pick<QuickSite, 'dir' | 'env'>;
  readonly pids: string;
  readonly failures: string[];
};

function keepUp(unit: Unit, { site, pids, failures }: Keeping) {
  const programs = unit.map((command) => command.split(' ')[0]!);
  const life = { isStruck: false, isStopping: false, starts: 0, said: () => '' };
  const live = async () => {
    do {
      life.isStruck = false;
      life.starts += 1;
      const { ended, said } = startOnce(unit, site, pids);
      life.said = said;
      const how = await ended;
      if (!life.isStruck && !life.isStopping) {
        failures.push(`${programs.join(' | ')} ended: ${how}: ${said().slice(-4_000)}`);
        return;
      }
    } while (!life.isStopping);
  };
  const over = live();
  return {
    programs,
    said: () => life.said(),
    restarts: () => life.starts - 1,
    kill: (program: string) => {
      const pid = pidOf(program, pids);
      if (pid === null) return false;
      life.isStruck = true;
      process.kill(pid, 'SIGKILL');
      return true;
    },
    stop: async () => {
      life.isStopping = true;
      for (const program of programs) {
        const pid = pidOf(program, pids);
        if (pid !== null) process.kill(pid, 'SIGTERM');
      }
      await over;
    },
  };
}

/** Each program writes its process id down before it becomes itself. */
function startOnce(unit: Unit, { dir, env }: Pick<QuickSite, 'dir' | 'env'>, pids: string) {
  const commands = unit.map((command) => {
    const file = join(pids, command.split(' ')[0]!);
    return `sh -c 'echo $$ >${file}; exec ${command}'`;
  });
  const line = `${commands.join(' | ')} >/dev/null`;
  const child = spawn('bash', ['-o', 'pipefail', '-c', line], {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = once(child, 'close').then(([code, signal]) => String(code ?? signal));
  return { ended, said: () => said };
}

/** The process of a program, if the one that wrote itself down is still there and still is that program. */
function pidOf(program: string, pids: string): number | null {
  try {
    const pid = Number(readFileSync(join(pids, program), 'utf8'));
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(program) ? pid : null;
  } catch {
    return null;
  }
}
