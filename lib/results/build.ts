import type { z } from 'zod';
import type { Changes } from '../records/changes.ts';
import type { kindSchema, scopeSchema } from '../records/common.ts';
import type { Plan } from '../records/plan.ts';
import type { ResultStage, Results } from '../records/results.ts';
import { cutResults } from './cut.ts';
import { exercisedOf, levelOf } from './level.ts';
import { type Outcomes, type StageOutcome, stageOutcomes } from './outcomes.ts';
import { rungsOf } from './rungs.ts';
import { type Ended, judge } from './verdict.ts';

/** What results need of a lint report. */
export type LintFacts = {
  readonly rules: readonly { readonly status: 'pass' | 'fail' | 'skip'; readonly level: 'warn' | 'error' }[];
  readonly rulesFailed: readonly string[];
};

/** All that a verdict is made of. */
export type RunFacts = {
  readonly run: string;
  readonly kind: z.infer<typeof kindSchema>;
  readonly scope: z.infer<typeof scopeSchema>;
  readonly plan: Plan;
  /** Epoch seconds, with fraction. */
  readonly started: number;
  readonly finished: number;
  /** A row per attempted stage, in order, each with the commit that the running tasks had. */
  readonly stages: readonly ResultStage[];
  readonly lint: LintFacts | null;
  /** Set where the run did not end by itself. */
  readonly ended: Ended | null;
  readonly flags: Results['flags'];
  readonly operator: readonly string[];
  readonly changes?: Changes | undefined;
  readonly environment: Results['environment'];
  readonly customization: Results['customization'];
  /** Whether uncommitted files were tested too; what the trigger says by default. */
  readonly dirty?: boolean;
};

/** Everything of `results.json` (stages.md), from facts alone. */
export function buildResults(facts: RunFacts): Results {
  const { plan, scope } = facts;
  const outcomes = stageOutcomes({ plan: { ...plan, scope }, stages: facts.stages });
  const rungs = rungsOf(outcomes);
  const customTests = plan.tests.filter((test) => test.stage === 'custom').length;
  const judgement = judge({ outcomes, ended: facts.ended, scope, customTests });
  return cutResults({
    schema: 3,
    run_id: facts.run,
    kind: facts.kind,
    scope,
    recipe: plan.recipe,
    version: plan.version,
    pr: plan.trigger.pr === undefined ? null : String(plan.trigger.pr.number),
    ref: `${plan.ref.slice(0, 12)}${(facts.dirty ?? plan.trigger.worktree) === true ? '+U' : ''}`,
    base: plan.base === null ? null : (plan.base.version ?? plan.base.ref.slice(0, 12)),
    started: facts.started,
    finished: facts.finished,
    ...judgement,
    level: scope === 'partial' ? null : levelOf(rungs),
    exercised: exercisedOf(rungs),
    results: stageResults(outcomes),
    rungs,
    stages: [...facts.stages],
    lint: lintResult(outcomes.lint, facts.lint),
    skips: skipsOf(outcomes),
    flags: facts.flags,
    operator: [...facts.operator],
    screenshot: null,
    summary_card: null,
    ...(facts.changes === undefined ? {} : { changes: facts.changes }),
    environment: facts.environment,
    customization: facts.customization,
  });
}

function stageResults(outcomes: Outcomes): Results['results'] {
  const { install, upgrade, backup, restore, custom } = outcomes;
  return {
    install: install.status,
    upgrade: upgrade.status,
    backup: backup.status,
    restore: restore.status,
    custom: custom.status,
  };
}

function lintResult(outcome: StageOutcome, lint: LintFacts | null): Results['lint'] {
  if (lint === null) {
    const detail = outcome.row?.summary ?? outcome.reason ?? '';
    return { status: outcome.status, detail, rules_failed: [] };
  }
  const { rules } = lint;
  const count = (status: string, level?: string) =>
    rules.filter((rule) => rule.status === status && (level === undefined || rule.level === level)).length;
  const parts = [
    `${count('pass')} rules passed`,
    ...told(count('fail', 'error'), 'failed'),
    ...told(count('fail', 'warn'), count('fail', 'warn') === 1 ? 'warning' : 'warnings'),
    ...told(count('skip'), 'skipped'),
  ];
  return { status: outcome.status, detail: parts.join(', '), rules_failed: [...lint.rulesFailed] };
}

function told(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${what}`];
}

function skipsOf(outcomes: Outcomes): Results['skips'] {
  const rungStages = [
    outcomes.install,
    outcomes.upgrade,
    outcomes.backup,
    outcomes.restore,
    outcomes.custom,
    outcomes.lint,
  ];
  const having = (status: string) => rungStages.filter((outcome) => outcome.status === status);
  return {
    intentional: Object.fromEntries(having('skip').map(({ name, reason }) => [name, reason ?? ''])),
    unintentional: having('unver').map(({ name, reason }) => ({ name, reason: reason ?? '' })),
  };
}
