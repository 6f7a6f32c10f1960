import type { StageName } from '../records/common.ts';
import type { PlannedStage } from '../records/plan.ts';
import type { TriggerOptions } from '../records/trigger.ts';

export type StageFacts = {
  readonly options: TriggerOptions;
  /** `skip` of the settings: stage or rung to reason. */
  readonly skip: Readonly<Record<string, string | undefined>>;
  /** `deployments` of the settings. */
  readonly deployments: 1 | 2;
  /** How many custom test files there are. */
  readonly customTests: number;
  readonly upgrade: { readonly does: PlannedStage['does']; readonly reason: string | null };
  /** Whether backups are on: at the commit, at the base (null without base), and as the settings say. */
  readonly backup: {
    readonly head: boolean;
    readonly base: boolean | null;
    readonly setting: boolean | null;
  };
};

/** Why install is no rung where the one deployment is the upgraded one (stages.md, The run). */
export const notFresh = 'fresh install not tested: deployments is 1 in recipe.yml';

const plannable = ['install', 'upgrade', 'backup', 'restore', 'custom', 'lint'] as const;
type Plannable = (typeof plannable)[number];

const rungOf: Readonly<Record<Plannable, string>> = {
  install: 'install',
  upgrade: 'upgrade',
  backup: 'backup_restore',
  restore: 'backup_restore',
  custom: 'functional',
  lint: 'lint',
};

/** What is expected of each stage, with the reason where it will not run. Source: stages.md, Level. */
export function planStages(facts: StageFacts): PlannedStage[] {
  return plannable.map((name) => ({ name, ...expected(name, facts) }));
}

/** `partial` for a run with options: no level, and nothing that is kept is touched. */
export function scopeOf(options: TriggerOptions): 'full' | 'partial' {
  return askedFor(options) === null ? 'full' : 'partial';
}

type Expected = Pick<PlannedStage, 'does' | 'reason'>;
const run: Expected = { does: 'run', reason: null };

function expected(name: Plannable, facts: StageFacts): Expected {
  const asked = askedFor(facts.options);
  if (asked !== null && !asked.stages.has(name)) return { does: 'skip', reason: `left out by ${asked.by}` };
  const declared = name === 'lint' ? undefined : (facts.skip[name] ?? facts.skip[rungOf[name]]);
  if (declared !== undefined) return { does: 'skip', reason: declared };
  // Without a backup there is nothing that a restore could bring back.
  if (name === 'restore' && facts.skip.backup !== undefined)
    return { does: 'skip', reason: `nothing is backed up: ${facts.skip.backup}` };
  if (name === 'upgrade') return facts.upgrade;
  if (name === 'install' && facts.deployments === 1 && expected('upgrade', facts).does === 'run')
    return { does: 'skip', reason: notFresh };
  if (name === 'backup' || name === 'restore') return expectedBackup(facts.backup);
  if (name === 'custom' && facts.customTests === 0) return { does: 'unver', reason: 'no custom tests' };
  return run;
}

/** Missing labels are structural only if the base had none either; else the stage runs, and fails for want of them. */
function expectedBackup({ head, base, setting }: StageFacts['backup']): Expected {
  if (setting === true) return run;
  if (setting === false) return { does: 'skip', reason: 'backup.enabled is false in recipe.yml' };
  if (head) return run;
  if (base === true) return { does: 'run', reason: 'the base has backup labels, this commit has none' };
  return { does: 'skip', reason: 'the recipe has no backup labels' };
}

type Asked = { readonly by: string; readonly stages: ReadonlySet<StageName> };

/** Stages that the options leave, with those that they cannot do without; null for all. */
function askedFor(options: TriggerOptions): Asked | null {
  if (options.stages !== undefined && options.stages.length > 0) {
    const stages = new Set<StageName>(options.stages);
    if (stages.has('restore')) stages.add('backup');
    if (['backup', 'custom'].some((name) => stages.has(name as StageName))) stages.add('install');
    return { by: `--stages=${options.stages.join(',')}`, stages };
  }
  return options.quick === true ? { by: '--quick', stages: new Set(['install', 'custom', 'lint']) } : null;
}
