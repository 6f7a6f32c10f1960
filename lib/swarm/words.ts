import { adviceFor, healthTimes } from './advice.ts';
import { clean } from './clean.ts';
import type { Evidence } from './evidence.ts';
import type { Defect } from './judge.ts';
import { addressCause, addressWords } from './network-words.ts';
import { portWords, takenPort } from './ports.ts';
import { meanwhile, updateWords } from './update-words.ts';
import { errorOf, isObjectMissing, isOutOfMemory, isUnhealthy, quoted, whyEnded } from './why.ts';

/** Why a deployment did not land, as `waitConverged` says it. */
export type FailureKind =
  | 'paused'
  | 'rolled-back'
  | 'rollback-paused'
  | 'crash-loop'
  | 'ended'
  | 'image-missing'
  | 'rate-limit'
  | 'no-address'
  | 'out-of-memory'
  | 'port-taken'
  | 'unplaceable'
  | 'object-missing'
  | 'unhealthy'
  | 'timeout'
  | 'refused';

export type Explanation = {
  readonly kind: FailureKind;
  readonly cause: 'recipe' | 'infra';
  /** One sentence without a full stop, as in stages.md. */
  readonly summary: string;
};

/** Puts a defect in words (stages.md, `results.json`) and says who is to blame. Pure. */
export function explain(defect: Defect, evidence: Evidence): Explanation {
  const why = whyEnded(defect.failed.at(-1), evidence);
  const update = updateWords(defect, why);
  if (update !== null) {
    const kind = defect.kind as FailureKind;
    return { kind, cause: causeOf(evidence), summary: `${update}${adviceFor(defect, evidence)}` };
  }
  const { summary, ...rest } = explainState(defect, evidence, why);
  return { ...rest, summary: `${summary}${meanwhile(defect.view)}` };
}

/** What to say when the time is up: all that was still waited for. Pure. */
export function explainTimeout(waitingFor: readonly string[], timeoutMs: number): string {
  const missing = waitingFor.length === 0 ? 'the stack has no services' : waitingFor.join('; ');
  return `not converged within ${Math.round(timeoutMs / 1000)} s: ${clean(missing, 600)}`;
}

function explainState(defect: Defect, evidence: Evidence, why: string): Explanation {
  const name = defect.view.name;
  const port = defect.port ?? takenPort(defect.failed.at(-1));
  if (port !== null) {
    const cause = port.by === 'outside' ? 'infra' : 'recipe';
    return { kind: 'port-taken', cause, summary: portWords(name, port) };
  }
  switch (defect.kind) {
    case 'no-address': {
      const cause = addressCause(evidence);
      return { kind: 'no-address', cause, summary: addressWords(name, evidence) };
    }
    case 'unplaceable':
      return { kind: 'unplaceable', ...placement(defect) };
    case 'image-missing':
      return imageWords(name, evidence, why);
    case 'ended': {
      const advice = adviceFor(defect, evidence);
      const summary = `${name} ended (${why}) and is not started again${advice}`;
      return { kind: loopKind(defect, evidence) ?? 'ended', cause: 'recipe', summary };
    }
    default: {
      const kind = loopKind(defect, evidence) ?? 'crash-loop';
      return { kind, cause: 'recipe', summary: loopWords(defect, evidence, why) };
    }
  }
}

/** What is known more exactly than that it ended. */
function loopKind(
  { failed }: Defect,
  evidence: Evidence,
): 'out-of-memory' | 'unhealthy' | 'object-missing' | null {
  const task = failed.at(-1);
  if (task === undefined) return null;
  if (isOutOfMemory(task, evidence)) return 'out-of-memory';
  if (isUnhealthy(task)) return 'unhealthy';
  return isObjectMissing(task) ? 'object-missing' : null;
}

function loopWords(defect: Defect, evidence: Evidence, why: string): string {
  const { view, failed } = defect;
  const advice = adviceFor(defect, evidence);
  switch (loopKind(defect, evidence)) {
    case 'unhealthy': {
      const tasks = failed.length === 1 ? '1 task was' : `${failed.length} tasks were`;
      const said = quoted(evidence.healthOutput ?? evidence.lastLogLine).replace(
        /^: /,
        ', its healthcheck said ',
      );
      return `${view.name} starts but does not become healthy in time (${healthTimes(view)}): ${tasks} killed${said}${advice}`;
    }
    case 'object-missing':
      return `${view.name} cannot be started: ${why}`;
    default: {
      const times = failed.length === 1 ? ', once so far' : ` again and again: ${failed.length} times`;
      return `${view.name} crashes${times}, ${why}${advice}`;
    }
  }
}

function imageWords(name: string, evidence: Evidence, why: string): Explanation {
  if (evidence.image?.state !== 'rate-limit') {
    const summary = `the image of ${name} is not there: ${why}`;
    return { kind: 'image-missing', cause: causeOf(evidence), summary };
  }
  const said = clean(evidence.image.message ?? '', 300);
  const summary = `the registry does not give out the image of ${name} now (${said}): log in to it, or wait; the recipe is not to blame`;
  return { kind: 'rate-limit', cause: 'infra', summary };
}

/** Only a registry that says "there is none" blames the recipe; no answer, or one that came later, does not. */
function causeOf(evidence: Evidence): 'recipe' | 'infra' {
  return evidence.image === null || evidence.image.state === 'missing' ? 'recipe' : 'infra';
}

function placement({ view, failed }: Defect): Pick<Explanation, 'cause' | 'summary'> {
  const wanted = view.service.Spec.TaskTemplate.Placement?.Constraints ?? [];
  const said = failed.length === 0 ? 'none meets its constraints' : errorOf(failed.at(-1));
  const isByConstraint = failed.length === 0 || /constraints/.test(said);
  const asks = isByConstraint && wanted.length > 0 ? ` (it asks for ${clean(wanted.join(', '), 200)})` : '';
  return {
    cause: isByConstraint ? 'recipe' : 'infra',
    summary: `no node can run ${view.name}: ${said}${asks}`,
  };
}
