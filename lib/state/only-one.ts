import { exitStatus, Failure } from '../program/failure.ts';
import { statePaths } from './layout.ts';
import { type Lock, lockFile } from './lock.ts';

/** The lock of a program of which there is one per state directory; `Failure` 75 `already-running` when there is one. */
export async function lockProgram(state: string, program: string): Promise<Lock> {
  const path = statePaths(state).lock(program);
  const lock = await lockFile(path);
  if (lock !== null) return lock;
  throw new Failure(
    exitStatus.leftOver,
    'already-running',
    `another ccci-${program} is at work on ${state}`,
    {
      hint: `one per state directory: end it, or use another --state; ${path} is its lock`,
    },
  );
}
