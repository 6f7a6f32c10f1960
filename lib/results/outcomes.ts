import { type StageName, type Status, stageNames } from '../records/common.ts';
import type { Plan, PlannedStage } from '../records/plan.ts';
import type { ResultStage } from '../records/results.ts';
import { isSameCommit } from './same-commit.ts';

/** What became of one stage, after plan and rows were compared (L53). */
export type StageOutcome = {
  readonly name: StageName;
  readonly status: Status;
  /** Why it is `skip` or `unver`; null otherwise. */
  readonly reason: string | null;
  /** The row that decided, null where the stage was not attempted. */
  readonly row: ResultStage | null;
  readonly planned: PlannedStage['does'] | null;
};

export type Outcomes = Readonly<Record<StageName, StageOutcome>>;

export type OutcomeFacts = {
  readonly plan: Pick<Plan, 'ref' | 'stages' | 'scope'>;
  readonly stages: readonly ResultStage[];
};

/**
 * The outcome of every stage. A pass whose `on` is not the commit under test becomes `unver`; a stage that was planned
 * and has no row is `unver` (L15, L53); lint is never `skip` in a full run (stages.md, Level).
 */
export function stageOutcomes(facts: OutcomeFacts): Outcomes {
  return Object.fromEntries(stageNames.map((name) => [name, outcomeOf(name, facts)])) as Outcomes;
}

function outcomeOf(name: StageName, { plan, stages }: OutcomeFacts): StageOutcome {
  const planned = plan.stages.find((stage) => stage.name === name) ?? null;
  const row = decisiveRow(name, stages, plan.ref);
  const known = { name, row, planned: planned?.does ?? null };
  const judged = row === null ? withoutRow(planned, plan.scope) : fromRow(row, plan.ref, planned);
  if (name === 'lint' && judged.status === 'skip' && plan.scope === 'full') {
    return { ...known, status: 'unver', reason: judged.reason ?? 'lint did not run' };
  }
  return { ...known, ...judged };
}

/**
 * The last row of a stage counts. Of install, the rows of the base are preparation for the upgrade: a row on the
 * commit under test comes first.
 */
function decisiveRow(name: StageName, stages: readonly ResultStage[], ref: string): ResultStage | null {
  const rows = stages.filter((row) => row.name === name);
  if (name !== 'install') return rows.at(-1) ?? null;
  const ours = rows.findLast((row) => isSameCommit(row.on, ref)) ?? rows.findLast((row) => row.on === null);
  return ours ?? rows.at(-1) ?? null;
}

type Judged = { readonly status: Status; readonly reason: string | null };

/** Stages whose pass must have been seen on the running tasks of the commit under test. */
const proven: readonly StageName[] = ['install', 'upgrade', 'backup', 'restore', 'custom'];

function fromRow(row: ResultStage, ref: string, planned: PlannedStage | null): Judged {
  if (row.status === 'pass') {
    const isForeign = proven.includes(row.name)
      ? !isSameCommit(row.on, ref)
      : row.on !== null && !isSameCommit(row.on, ref);
    if (!isForeign) return { status: 'pass', reason: null };
    const ran = row.on === null ? 'no running task was seen' : `${row.on.slice(0, 12)} was running`;
    return { status: 'unver', reason: `${ran}, not the commit under test` };
  }
  if (row.status === 'fail') return { status: 'fail', reason: null };
  return { status: row.status, reason: row.summary ?? planned?.reason ?? 'no reason was given' };
}

function withoutRow(planned: PlannedStage | null, scope: Plan['scope']): Judged {
  if (planned?.does === 'skip') return { status: 'skip', reason: planned.reason ?? 'does not apply' };
  if (planned?.does === 'unver') return { status: 'unver', reason: planned.reason ?? 'could not run' };
  if (planned === null && scope === 'partial') return { status: 'skip', reason: 'not asked for' };
  return { status: 'unver', reason: 'planned, but it did not run' };
}
