import { existsSync } from 'node:fs';
import { exitStatus, Failure } from '../program/failure.ts';
import type { Address } from './address.ts';

/** Turns what git said about a repository that cannot be read into a `Failure` that says what to do. */
export function explain(stderr: string, { location, local }: Address): Failure {
  const words = lastWords(stderr);
  const missing =
    /not found|does not appear to be a git repository|does not exist|could not read Username|403|404/i;
  if (/died of signal 25|file size limit|file too large/i.test(stderr)) {
    return new Failure(
      exitStatus.badInput,
      'git-refused',
      `repository ${location} is not used: it is too large`,
    );
  }
  if (local) return noCheckout(location);
  if (missing.test(stderr)) {
    return new Failure(exitStatus.badInput, 'repo-missing', `repository ${location} is not there: ${words}`, {
      hint: 'check the address; a private repository cannot be read without a key',
    });
  }
  if (
    /not allowed|unable to update url base from redirection|requested URL returned error: 30\d/i.test(stderr)
  ) {
    return new Failure(exitStatus.badInput, 'git-refused', `repository ${location} is not used: ${words}`, {
      hint: 'use the address where it is now; redirects are not followed',
    });
  }
  return new Failure(
    exitStatus.unavailable,
    'repo-unreachable',
    `repository ${location} cannot be read: ${words}`,
    {
      hint: 'is the forge reachable from this machine?',
    },
  );
}

/** A path that git cannot read as a repository. */
export function noCheckout(path: string): Failure {
  const what = existsSync(path) ? 'is not a git repository' : 'is not there';
  return new Failure(exitStatus.badInput, 'repo-missing', `${path} ${what}`, {
    hint: 'name the top folder of a checkout; a new recipe needs git init and a first commit',
  });
}

function lastWords(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('hint:'));
  const fatal =
    lines.find((line) => /^(fatal|error|remote):/.test(line)) ?? lines.at(-1) ?? 'git said nothing';
  return fatal.replace(/^(fatal|error|remote): /, '').trim();
}
