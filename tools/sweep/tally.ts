import type { SweptKind } from '@ccci/lib/config/schema.ts';
import { type ExitStatus, exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Why } from './things.ts';

/** What a sweep came to; grows while it goes on. */
export type Tally = {
  readonly of: SweptKind;
  /** Enrolled ones, of those that were to be swept. */
  repositories: number;
  triggers: number;
  readonly leftOut: Map<Why, number>;
  /** Organisations and repositories of which something is missing. */
  troubles: number;
  /** Names of `--only` that nothing has. */
  unknown: number;
  /** Requests, redirects and repetitions too. */
  calls: number;
  /** It ended before its end. */
  isStopped: boolean;
};

export function newTally(of: SweptKind): Tally {
  return {
    of,
    repositories: 0,
    triggers: 0,
    leftOut: new Map(),
    troubles: 0,
    unknown: 0,
    calls: 0,
    isStopped: false,
  };
}

/** Counts what is left out. */
export function leaveOut({ leftOut }: Tally, why: Why): void {
  leftOut.set(why, (leftOut.get(why) ?? 0) + 1);
}

/** The exit status, and why nothing came of it where that is an error. Pure. */
export function judgeEnd(tally: Tally): { readonly status: ExitStatus; readonly failure: Failure | null } {
  const { triggers, leftOut, troubles, unknown, repositories, isStopped } = tally;
  const none = { failure: null };
  if (troubles > 0) {
    const isNothing = triggers === 0 && leftOut.size === 0;
    return { status: isNothing ? exitStatus.unavailable : exitStatus.leftOver, ...none };
  }
  if (unknown > 0) return { status: exitStatus.badInput, ...none };
  if (isStopped || triggers > 0 || leftOut.has('unchanged')) return { status: exitStatus.ok, ...none };
  const found = repositories === 0 ? 'no repository' : sayNothing(tally);
  return {
    status: exitStatus.unavailable,
    failure: new Failure(exitStatus.unavailable, 'nothing-to-sweep', `there is nothing to sweep: ${found}`, {
      hint: 'check what is enrolled, and that the bot user may see it: an empty sweep tests nothing',
    }),
  };
}

/** What was done, in one line. */
export function sayTally(tally: Tally): string {
  const { of, triggers, repositories, leftOut, calls, isStopped } = tally;
  const done = `${count(triggers, 'trigger')} for ${words[of]} of ${countRepositories(repositories)}`;
  const less = leftOut.size === 0 ? '' : `; left out: ${sayLeftOut(tally)}`;
  const missing = tally.troubles === 0 ? '' : '; something is missing, see above';
  const early = isStopped ? 'stopped after ' : '';
  const idle = triggers === 0 && leftOut.has('unchanged') ? '; --all tests what is unchanged too' : '';
  return `${early}${done}, ${count(calls, 'request')}${less}${missing}${idle}`;
}

const words: Readonly<Record<SweptKind, string>> = {
  tips: 'the tips',
  pulls: 'open pull requests',
  tags: 'the newest versions',
};

function sayNothing(tally: Tally): string {
  return `${countRepositories(tally.repositories)}, ${sayLeftOut(tally)}`;
}

function sayLeftOut({ leftOut }: Tally): string {
  return [...leftOut].map(([why, number]) => `${number} ${why}`).join(', ');
}

function countRepositories(number: number): string {
  return number === 1 ? '1 repository' : `${number} repositories`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
