import { type StageName, type Status, stageNames } from '../records/common.ts';
import { isLeftOut } from './not-run.ts';
import { isShown, progressWords } from './stage-face.ts';
import type { RunView } from './view.ts';

export type StageRow = {
  readonly name: StageName;
  readonly status: Status | 'running' | 'waiting';
  readonly sign: string;
  readonly words: string;
  readonly ms: number | null;
  /** Files of tests that the plan has for it. */
  readonly tests: number;
};

export type StageRowsOptions = {
  /** While a run goes on, people want to see that its policy is through. */
  readonly withPolicy?: boolean;
};

/** A row per stage: those that began, in their order, then those that the plan still has in front. */
export function stageRows(view: RunView, { withPolicy = false }: StageRowsOptions = {}): StageRow[] {
  const begun = view.results?.stages ?? view.stages;
  const rows = begun.map(({ name, status, ms }) => ({ name, status, ms, reason: null }));
  return [...rows, ...ahead(view)]
    .filter(({ name, status }) => isShown(name, status) || (withPolicy && name === 'policy'))
    .map(({ name, status, ms, reason }) => ({
      name,
      status,
      sign: signs[status],
      words: isLeftOut(reason) ? 'left out' : progressWords[status],
      ms: timeOf(status, ms),
      tests: view.plan?.counts[name] ?? 0,
    }));
}

type Ahead = { name: StageName; status: StageRow['status']; ms: null; reason: string | null };

function ahead(view: RunView): Ahead[] {
  const begun = new Set((view.results?.stages ?? view.stages).map((stage) => stage.name));
  const planned = (view.plan?.stages ?? []).filter((stage) => !begun.has(stage.name));
  return [...planned]
    .sort((a, b) => stageNames.indexOf(a.name) - stageNames.indexOf(b.name))
    .map(({ name, does, reason }) => ({
      name,
      status: planStatus(does, view.results !== null),
      ms: null,
      reason: does === 'skip' ? reason : null,
    }));
}

function planStatus(does: 'run' | 'skip' | 'unver', isOver: boolean): StageRow['status'] {
  if (does === 'run') return isOver ? 'unver' : 'waiting';
  return does;
}

const signs: Readonly<Record<StageRow['status'], string>> = {
  pass: '✅',
  fail: '❌',
  skip: '➖',
  unver: '⚪',
  running: '⏳',
  waiting: '▫️',
};

/** A stage that did not run took no time. */
function timeOf(status: StageRow['status'], ms: number | null): number | null {
  return status === 'pass' || status === 'fail' ? ms : null;
}
