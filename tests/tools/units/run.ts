import { execFile } from 'node:child_process';
import { join } from 'node:path';

/** The program's sources. */
export const main = join(import.meta.dirname, '..', '..', '..', 'tools', 'units', 'main.ts');

/** Runs ccci-units from its sources, with nothing of the caller's environment. */
export function runProgramHere(
  args: readonly string[],
): Promise<{ readonly exit: number | null; readonly err: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH: process.env.PATH }, timeout: 60_000 },
      (_error, _out, err) => resolve({ exit: child.exitCode, err }),
    );
  });
}
