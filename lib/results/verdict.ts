import type { StageName, Verdict } from '../records/common.ts';
import type { Outcomes, StageOutcome } from './outcomes.ts';
import { listWords, stageWords } from './stage-words.ts';

/** What ended a run before its time: a person, a newer trigger, a lost machine, or ccci dying of it again and again. */
export type Ended = {
  readonly verdict: 'cancelled' | 'superseded' | 'interrupted' | 'infra' | 'incomplete';
  /** By whom or what, in words. */
  readonly why: string;
};

export type Judgement = {
  readonly verdict: Verdict;
  /** One sentence in people's words, without its full stop. */
  readonly reason: string;
};

export type VerdictFacts = {
  readonly outcomes: Outcomes;
  readonly ended: Ended | null;
  readonly scope: 'full' | 'partial';
  /** Custom tests that the plan has; none is a gap (level 3), not something that did not run. */
  readonly customTests: number;
};

/** Lint lowers the level, teardown alarms the operator; neither ever changes the verdict. */
const silent: readonly StageName[] = ['lint', 'teardown'];
/** Stages that a full run must have an answer for; the others count only when planned or attempted. */
const expected: readonly StageName[] = ['install', 'upgrade', 'backup', 'restore', 'custom'];

/** The first row of the table in stages.md, Verdict, that fits. */
export function judge({ outcomes, ended, scope, customTests }: VerdictFacts): Judgement {
  if (ended !== null) return { verdict: ended.verdict, reason: ended.why };
  const counted = Object.values(outcomes).filter((outcome) => !silent.includes(outcome.name));
  const infra = counted.filter(
    (one) => (one.status === 'fail' || one.status === 'unver') && one.row?.cause === 'infra',
  );
  if (infra.length > 0) return told('infra', infra, 'could not be carried out');
  const failed = counted.filter((one) => one.status === 'fail');
  const refused = failed.filter((one) => one.row?.cause === 'policy');
  if (refused.length > 0) return { verdict: 'incomplete', reason: because('refused by policy', refused) };
  const broken = failed.filter((one) => one.name !== 'needs');
  if (broken.length > 0) return { verdict: 'red', reason: `${names(broken)} failed` };
  const missing = counted.filter((one) => isMissing(one, customTests));
  if (missing.length > 0) return told('incomplete', origin(missing), 'did not run');
  return judgeRest(outcomes, scope);
}

/** Nothing failed and nothing is missing: green, if anything was tested at all (L50). */
function judgeRest(outcomes: Outcomes, scope: VerdictFacts['scope']): Judgement {
  const passed = Object.values(outcomes).filter((one) => one.status === 'pass');
  const isPartOfInstall = scope === 'partial' && outcomes.install.status === 'skip' && passed.length > 0;
  // With one deployment the upgraded one is tested, and the fresh install is not (stages.md, The run).
  const isUpgradedOnly = outcomes.install.status === 'skip' && outcomes.upgrade.status === 'pass';
  if (outcomes.install.status === 'pass' || isPartOfInstall || isUpgradedOnly) {
    return { verdict: 'green', reason: 'all that was planned ran and passed' };
  }
  return { verdict: 'incomplete', reason: 'nothing was tested' };
}

function isMissing(outcome: StageOutcome, customTests: number): boolean {
  if (outcome.name === 'needs' && outcome.status === 'fail') return true;
  if (outcome.status !== 'unver') return false;
  if (outcome.name === 'custom' && customTests === 0) return false;
  return expected.includes(outcome.name) || outcome.planned === 'run' || outcome.row !== null;
}

/** What could not run because something before it had not run is not worth telling. */
function origin(missing: readonly StageOutcome[]): readonly StageOutcome[] {
  const first = missing.filter((outcome) => outcome.name === 'needs');
  if (first.length > 0) return first;
  const attempted = missing.filter((outcome) => outcome.row !== null);
  return attempted.length > 0 ? attempted : missing;
}

function told(verdict: Verdict, outcomes: readonly StageOutcome[], what: string): Judgement {
  return { verdict, reason: because(`${names(outcomes)} ${what}`, outcomes) };
}

function names(outcomes: readonly StageOutcome[]): string {
  return listWords(outcomes.map((outcome) => stageWords(outcome.name)));
}

/** Adds why, when there is one reason to tell. */
function because(sentence: string, outcomes: readonly StageOutcome[]): string {
  const reasons = new Set(outcomes.map((outcome) => outcome.row?.summary ?? outcome.reason).filter(Boolean));
  return reasons.size === 1 ? `${sentence}: ${[...reasons][0]}` : sentence;
}
