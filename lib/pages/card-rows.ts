import { type StageName, type Status, stageNames } from '../records/common.ts';
import type { Results } from '../records/results.ts';
import { stageWords } from '../results/stage-words.ts';
import { isShown } from './stage-face.ts';
import { statusWords } from './words.ts';

export type CardRow = {
  readonly name: string;
  readonly status: Status;
  readonly words: string;
  /** Null where it was not attempted. */
  readonly ms: number | null;
};

/** A row for every stage that counts, attempted or not, in the order of a run; stages of ours only when they matter. */
export function cardRows(results: Results): CardRow[] {
  return stageNames.flatMap((name) => {
    const attempts = results.stages.filter((stage) => stage.name === name);
    const status = statusOf(results, name) ?? attempts.at(-1)?.status;
    if (status === undefined || !isShown(name, status)) return [];
    const ms = attempts.length === 0 ? null : attempts.reduce((sum, stage) => sum + stage.ms, 0);
    return [{ name: stageWords(name), status, words: statusWords[status], ms }];
  });
}

function statusOf({ results, lint }: Results, name: StageName): Status | undefined {
  if (name === 'lint') return lint.status;
  return Object.hasOwn(results, name) ? results[name as keyof Results['results']] : undefined;
}
