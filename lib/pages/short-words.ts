import type { Status } from '../records/common.ts';

/** `passed`, `failed`, `not applicable`, `not run`. */
export const statusWords: Readonly<Record<Status, string>> = {
  pass: 'passed',
  fail: 'failed',
  skip: 'not applicable',
  unver: 'not run',
};

/** `0.4 s`, `41 s`, `3 min 37 s`. */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
