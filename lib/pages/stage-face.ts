import type { Status } from '../records/common.ts';
import { statusWords } from './short-words.ts';

/** How a stage stands: as it ended, or where it is before that. */
export type StageStatus = Status | 'running' | 'waiting';

/** Before the name of a stage or test; read by eyes alone, the words stand beside it. */
export const stageSigns: Readonly<Record<StageStatus, string>> = {
  pass: '✓',
  fail: '✗',
  skip: '–',
  unver: '?',
  running: '…',
  waiting: '·',
};

/** `passed`, `running`, `to come`. */
export const progressWords: Readonly<Record<StageStatus, string>> = {
  ...statusWords,
  running: 'running',
  waiting: 'to come',
};

/** Stages of ours, which people want to hear of only when something is wrong with them. */
const quiet: readonly string[] = ['checkout', 'policy', 'needs', 'teardown'];

/** Whether a stage has a row of its own. */
export function isShown(name: string, status: StageStatus): boolean {
  return !quiet.includes(name) || status === 'fail' || status === 'unver';
}

/** `12 checks, 1 failed`. */
export function checkWords(tests: readonly { readonly status: Status }[]): string {
  const failed = tests.filter((test) => test.status === 'fail').length;
  const count = `${tests.length} ${tests.length === 1 ? 'check' : 'checks'}`;
  return failed === 0 ? count : `${count}, ${failed} failed`;
}
