import { visible } from '../program/visible.ts';
import type { Evidence } from './evidence.ts';
import type { Defect } from './judge.ts';
import type { ServiceView } from './service-view.ts';
import type { EngineTask } from './shapes.ts';

/** Why a deployment did not land, as `waitConverged` says it. */
export type FailureKind =
  | 'paused'
  | 'rolled-back'
  | 'rollback-paused'
  | 'crash-loop'
  | 'image-missing'
  | 'rate-limit'
  | 'no-address'
  | 'out-of-memory'
  | 'unplaceable'
  | 'unhealthy'
  | 'timeout'
  | 'object-missing';

export type Explanation = {
  readonly kind: FailureKind;
  readonly cause: 'recipe' | 'infra';
  /** One sentence without a full stop, as in stages.md. */
  readonly summary: string;
};

/** Puts a defect in words (stages.md, `results.json`) and says who is to blame. Pure. */
export function explain(defect: Defect, evidence: Evidence): Explanation {
  const name = defect.view.name;
  const why = reason(defect, evidence);
  const update = updateSummaries[defect.kind];
  if (update !== undefined) {
    return { kind: defect.kind as FailureKind, cause: causeOf(evidence), summary: update(name, why, defect) };
  }
  switch (defect.kind) {
    case 'no-address':
      return {
        kind: 'no-address',
        cause: 'infra',
        summary: `Swarm has no free address for ${name} in one of its networks`,
      };
    case 'unplaceable':
      return {
        kind: 'unplaceable',
        cause: placementCause(defect),
        summary: `no node can run ${name}: ${errorOf(defect)}`,
      };
    case 'image-missing':
      return { ...imageKind(evidence), summary: `the image of ${name} is not there: ${why}` };
    case 'ended':
      return {
        kind: loopKind(defect, evidence),
        cause: 'recipe',
        summary: `${name} ended (${why}) and is not started again`,
      };
    default:
      return {
        kind: loopKind(defect, evidence),
        cause: 'recipe',
        summary: loopSummary(defect, evidence, why),
      };
  }
}

/** What to say when the time is up: all that was still waited for. Pure. */
export function explainTimeout(waitingFor: readonly string[], timeoutMs: number): string {
  const missing = waitingFor.length === 0 ? 'the stack has no services' : waitingFor.join('; ');
  return `not converged within ${Math.round(timeoutMs / 1000)} s: ${clean(missing, 600)}`;
}

type Summary = (service: string, why: string, defect: Defect) => string;

const updateSummaries: Readonly<Record<string, Summary>> = {
  paused: (name, why, defect) =>
    `Swarm paused the update of ${name} after ${failedTasks(defect, why)}; ${stillServing(defect.view, 'keeps serving')}`,
  'rolled-back': (name, why, defect) =>
    `Swarm rolled back the update of ${name} after ${failedTasks(defect, why)}; ${stillServing(defect.view, 'serves again')}`,
  'rollback-paused': (name, why, defect) =>
    `Swarm rolled back the update of ${name} after ${failedTasks(defect, why)}, and the rollback failed too; ${stillServing(defect.view, 'keeps serving')}`,
};

function failedTasks(defect: Defect, why: string): string {
  const count = Math.max(1, defect.failed.length);
  return `${count} failed ${count === 1 ? 'task' : 'tasks'} (${why})`;
}

/** Only what is true: with one replica and `stop-first` the old task is gone before the new one fails. */
function stillServing(view: ServiceView, words: string): string {
  const serving = view.update.startsWith('rollback') ? view.running : view.otherRunning;
  return serving.length > 0 ? `the previous version ${words}` : 'no task of the previous version runs';
}

function reason(defect: Defect, evidence: Evidence): string {
  const task = defect.failed.at(-1);
  if (task === undefined) return 'the engine does not say why';
  const quoted = (line: string | null) => (line === null ? '' : `: "${clean(line, 300)}"`);
  if (evidence.isOutOfMemory) return `out of memory${memoryLimit(task)}`;
  if (isUnhealthy(task))
    return `its healthcheck failed${quoted(evidence.healthOutput ?? evidence.lastLogLine)}`;
  const start = /^starting container failed: (.*)$/s.exec(task.Status.Err ?? '')?.[1];
  if (start !== undefined)
    return `could not start: ${clean(start.replace(/^.*unable to start container process: /s, ''), 300)}`;
  const code = task.Status.ContainerStatus?.ExitCode ?? 0;
  if (code !== 0 || task.Status.State === 'complete') return `exit ${code}${quoted(evidence.lastLogLine)}`;
  const told = evidence.image?.message;
  return clean(told ? `${errorOf(defect)}; ${told}` : errorOf(defect), 400);
}

function loopKind(defect: Defect, evidence: Evidence): FailureKind {
  const task = defect.failed.at(-1);
  if (evidence.isOutOfMemory) return 'out-of-memory';
  if (task !== undefined && isUnhealthy(task)) return 'unhealthy';
  const isObject =
    task?.Status.State === 'rejected' && /not found|does not exist|no such/i.test(task.Status.Err ?? '');
  return isObject ? 'object-missing' : 'crash-loop';
}

function loopSummary(defect: Defect, evidence: Evidence, why: string): string {
  const name = defect.view.name;
  const times = defect.failed.length === 1 ? 'once' : `${defect.failed.length} times`;
  switch (loopKind(defect, evidence)) {
    case 'unhealthy':
      return `${name} starts but does not become healthy: ${why}, ${times} (${patience(defect.view)})`;
    case 'object-missing':
      return `${name} cannot be started: ${why}`;
    default:
      return `${name} crashes${defect.failed.length === 1 ? ', once so far' : ` again and again: ${times}`}, ${why}`;
  }
}

/** How long the healthcheck lets a service start: too short a time corrupts databases in their first start (L36). */
function patience(view: ServiceView): string {
  const check = view.service.Spec.TaskTemplate.ContainerSpec?.Healthcheck;
  const seconds = (nanoseconds: number | undefined, fallback: number) =>
    (nanoseconds || fallback * 1e9) / 1e9;
  const start = view.startPeriodMs / 1000;
  return `start_period ${start} s, then ${check?.Retries || 3} tries every ${seconds(check?.Interval, 30)} s`;
}

function imageKind(evidence: Evidence): { kind: FailureKind; cause: 'recipe' | 'infra' } {
  const state = evidence.image?.state;
  if (state === 'rate-limit') return { kind: 'rate-limit', cause: 'infra' };
  return { kind: 'image-missing', cause: causeOf(evidence) };
}

/** Only a registry that says "there is none" blames the recipe; no answer, or one that came later, does not. */
function causeOf(evidence: Evidence): 'recipe' | 'infra' {
  return evidence.image === null || evidence.image.state === 'missing' ? 'recipe' : 'infra';
}

function placementCause(defect: Defect): 'recipe' | 'infra' {
  return /constraints/.test(errorOf(defect)) ? 'recipe' : 'infra';
}

function isUnhealthy(task: EngineTask): boolean {
  return /unhealthy container/.test(task.Status.Err ?? '');
}

function memoryLimit(task: EngineTask): string {
  const bytes = task.Spec.Resources?.Limits?.MemoryBytes;
  return bytes ? ` (limit ${Math.round(bytes / 1024 / 1024)} MB)` : '';
}

function errorOf(defect: Defect): string {
  const status = defect.failed.at(-1)?.Status;
  return clean(status?.Err || status?.Message || 'the engine does not say why', 400);
}

/** Foreign text in one line, without what steers terminals, and not too long. */
function clean(text: string, limit: number): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
