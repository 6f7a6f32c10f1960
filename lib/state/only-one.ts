import { exitStatus, Failure } from '../program/failure.ts';
import { statePaths } from './layout.ts';
import { type Lock, lockFile, lockPatiently } from './lock.ts';

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

/** How long a stage waits for another one's choice, which takes some milliseconds. */
const choiceMs = 10_000;

/**
 * The lock under which a stage looks what there is and claims: two that choose at the same time could both begin a
 * run of one pull request (triggers.md, step 16). Null when somebody holds it for longer than a choice takes.
 */
export function lockClaims(state: string): Promise<Lock | null> {
  return lockPatiently(statePaths(state).lock('claims'), choiceMs);
}
