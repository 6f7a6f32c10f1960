import { type StageName, type Status, stageNames } from '../records/common.ts';
import { isShown, progressWords } from './stage-face.ts';
import type { RunView } from './view.ts';

export type StageRow = {
  readonly name: StageName;
  readonly status: Status | 'running' | 'waiting';
  readonly sign: string;
  readonly words: string;
  readonly ms: number | null;
};

/** A row per stage: those that began, in their order, then those that the plan still has in front. */
export function stageRows(view: RunView): StageRow[] {
  const begun = view.results?.stages ?? view.stages;
  const rows = begun.map(({ name, status, ms }) => ({ name, status, ms }));
  return [...rows, ...ahead(view)]
    .filter(({ name, status }) => isShown(name, status))
    .map(({ name, status, ms }) => ({
      name,
      status,
      sign: signs[status],
      words: progressWords[status],
      ms: timeOf(status, ms),
    }));
}

function ahead(view: RunView): { name: StageName; status: StageRow['status']; ms: null }[] {
  const begun = new Set((view.results?.stages ?? view.stages).map((stage) => stage.name));
  const planned = (view.plan?.stages ?? []).filter((stage) => !begun.has(stage.name));
  return [...planned]
    .sort((a, b) => stageNames.indexOf(a.name) - stageNames.indexOf(b.name))
    .map(({ name, does }) => ({ name, status: planStatus(does, view.results !== null), ms: null }));
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
