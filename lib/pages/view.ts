import type { Attribution } from '../records/attribution.ts';
import type { Changes } from '../records/changes.ts';
import type { StageName, Status } from '../records/common.ts';
import type { Drop } from '../records/drop.ts';
import type { Plan } from '../records/plan.ts';
import type { Preview } from '../records/preview.ts';
import type { Queued } from '../records/queued.ts';
import type { ResultStage } from '../records/results.ts';
import type { RunFinished } from '../records/run-finished.ts';
import type { RunStarted } from '../records/run-started.ts';
import type { Trigger } from '../records/trigger.ts';

export type StageView = {
  readonly name: StageName;
  readonly status: Status | 'running';
  readonly summary: string | null;
  /** Null while it runs. */
  readonly ms: number | null;
  readonly tests: readonly ResultStage['tests'][number][];
  /** The last lines of services and tools while it ran, `app | listening`, oldest first. */
  readonly lastLines: readonly string[];
};

/** All that is shown of one run, from its records alone (records.md, rule 6). */
export type RunView = {
  readonly key: string;
  /** The run id; the key until `run.started` says otherwise. */
  readonly run: string;
  readonly trigger: Trigger | null;
  readonly plan: Plan | null;
  readonly queued: Queued | null;
  /** What was found out of it while it waits; says nothing any more once it has begun. */
  readonly preview: Preview | null;
  readonly drop: Drop | null;
  readonly started: RunStarted | null;
  /** What changes between base and commit, as soon as `policy` is through. */
  readonly changes: Changes | null;
  /** In the order in which they began. */
  readonly stages: readonly StageView[];
  /** Services and tools that logged, sorted. */
  readonly services: readonly string[];
  readonly results: RunFinished | null;
  readonly attribution: Attribution | null;
};

/** A view of what has not said anything yet. */
export function emptyView(key: string, trigger: Trigger | null = null): RunView {
  return {
    key,
    run: key,
    trigger,
    plan: null,
    queued: null,
    preview: null,
    drop: null,
    started: null,
    changes: null,
    stages: [],
    services: [],
    results: null,
    attribution: null,
  };
}

/** The recipe's name, from whichever record knows it. */
export function recipeOf({ results, plan, started, trigger, key }: RunView): string {
  return results?.recipe ?? plan?.recipe ?? started?.recipe ?? trigger?.recipe ?? key;
}

/** The commit under test, 12 digits (with `+U` where that was said); empty where no record knows it. */
export function commitOf({ results, plan, started, trigger }: RunView): string {
  return results?.ref ?? (plan?.ref ?? started?.ref ?? trigger?.ref ?? '').slice(0, 12);
}
