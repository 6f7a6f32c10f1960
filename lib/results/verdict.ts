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
  const isRefused = (one: StageOutcome) => one.row?.cause === 'policy';
  const broken = failed.filter((one) => one.name !== 'needs' && !isRefused(one));
  if (broken.length > 0) return { verdict: 'red', reason: `${names(broken)} failed` };
  const refused = failed.filter(isRefused);
  if (refused.length > 0) return { verdict: 'incomplete', reason: because('refused by policy', refused) };
  const missing = counted.filter((one) => isMissing(one, customTests));
  if (missing.length > 0) return told('incomplete', origin(missing), 'did not run');
  return judgeRest(outcomes, scope);
}

/** Nothing failed and nothing is missing: green, if anything was tested at all (L15, L50). */
function judgeRest(outcomes: Outcomes, scope: VerdictFacts['scope']): Judgement {
  const { install, upgrade, lint } = outcomes;
  const isPart = scope === 'partial' && install.status === 'skip';
  const isTested = expected.some((name) => outcomes[name].status === 'pass');
  // With one deployment the upgraded one is tested, and the fresh install is not (stages.md, The run).
  const isUpgradedOnly = install.status === 'skip' && upgrade.status === 'pass';
  if (install.status === 'pass' || isUpgradedOnly || (isPart && isTested)) {
    const apart = lint.status === 'fail' || lint.status === 'unver' ? ', lint apart' : '';
    return { verdict: 'green', reason: `all that was planned ran and passed${apart}` };
  }
  return isPart ? judgeLintAlone(lint) : nothingTested;
}

const nothingTested: Judgement = { verdict: 'incomplete', reason: 'nothing was tested' };

/** Lint apart from everything else has no level to lower: then a green verdict would be a lie about it. */
function judgeLintAlone(lint: StageOutcome): Judgement {
  if (lint.status === 'pass') return { verdict: 'green', reason: 'all that was planned ran and passed' };
  if (lint.status !== 'fail') return nothingTested;
  return {
    verdict: 'incomplete',
    reason: because('nothing but lint was asked for, and lint failed', [lint]),
  };
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
