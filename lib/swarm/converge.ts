import { throwIfStopped } from '../program/stopped.ts';
import { areAlive } from './alive.ts';
import { engineClock } from './clock.ts';
import type { DeployCall } from './deploy.ts';
import { type Engine, EngineError } from './engine.ts';
import { gatherEvidence } from './evidence.ts';
import { emptyHistory, type History } from './history.ts';
import { type Judgement, judge, worstDefect } from './judge.ts';
import { makeObserver } from './observe.ts';
import type { ServiceView } from './service-view.ts';
import { type EngineEvent, namespaceLabel } from './shapes.ts';
import { openWakes } from './wakes.ts';
import { type Explanation, explain, explainTimeout } from './words.ts';

/** How a deployment ended. `service`: which did not land; empty where the engine owes the answer. */
export type Convergence =
  | { readonly ok: true; readonly services: readonly ConvergedService[] }
  | (Explanation & { readonly ok: false; readonly service: string });

export type ConvergedService = {
  readonly service: string;
  readonly running: number;
  readonly wanted: number;
  /** `completed`: the update that this call started has ended well; `none`: it started none. */
  readonly update: 'none' | 'completed';
  /** Jobs have no updates. */
  readonly isJob: boolean;
};

export type Progress = readonly {
  readonly service: string;
  readonly running: number;
  readonly wanted: number;
  readonly state: string;
}[];

export type ConvergeOptions = {
  readonly stack: string;
  /** The deployment that is waited for; for what was only scaled `{startedAt, before}` of then. */
  readonly call: Pick<DeployCall, 'before' | 'startedAt'> & Partial<Pick<DeployCall, 'refused'>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Called when something has changed. */
  readonly onProgress?: (progress: Progress) => void;
  /** The last line of a service's log, for the words, where the engine has the failed task's own no more. */
  readonly lastLogLine?: (service: string) => string | null;
  /** Masks what a service printed, before any of it is cut off. */
  readonly mask?: (text: string) => string;
};

/** The safety net below the events, in milliseconds. */
const slowLookMs = 2_000;
/** How long the engine may be away before the wait is given up, in milliseconds. */
const awayMs = 20_000;

/**
 * Waits until a deployment has converged, has failed for good, or the time is up. Bounded by `timeoutMs`.
 * `Failure` `aborted` when the signal comes, `EngineError` when the engine stays away for 20 s.
 */
export async function waitConverged(engine: Engine, options: ConvergeOptions): Promise<Convergence> {
  const { stack, signal, timeoutMs } = options;
  if (options.call.refused) return { ok: false, ...options.call.refused };
  const deadline = performance.now() + timeoutMs;
  const clock = await engineClock(engine);
  const observe = makeObserver(engine, stack, signal);
  const steadily = whileAway();
  const tell = onChange(options.onProgress);
  const wakes = await openWakes(engine, {
    types: ['service', 'container', 'node'],
    isRelevant: (event) => matters(event, stack),
    signal,
  });
  let history: History = emptyHistory;
  try {
    for (;;) {
      throwIfStopped(signal, `waiting for the stack ${stack} to converge`);
      const sight = await steadily(() => observe(clock()));
      const judgement = sight === null ? null : judge(stack, sight, options.call, history);
      if (judgement !== null) {
        history = judgement.history;
        tell(judgement.views);
        if (judgement.state === 'converged' && (await steadily(() => areAlive(engine, judgement.views))))
          return { ok: true, services: judgement.views.map(converged) };
        if (judgement.state === 'failed') return await failure(engine, judgement, options);
      }
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) return await timeout(engine, judgement, options);
      const lookAt = judgement?.state === 'waiting' ? judgement.lookAt : null;
      const holdMs = lookAt === null ? slowLookMs : lookAt - clock() + 2;
      await wakes.next(Math.min(slowLookMs, leftMs, Math.max(holdMs, 20)));
    }
  } finally {
    wakes.close();
  }
}

/** Events of this stack, and of any service or node: what a rollback shows for 20 ms only comes as such. */
function matters(event: EngineEvent, stack: string): boolean {
  if (event.Type !== 'container') return true;
  const isOurs = event.Actor.Attributes[namespaceLabel] === stack;
  return isOurs && /^(?:start|die|oom|destroy|health_status)/.test(event.Action);
}

/** Lets the engine be away for a while; null is "could not ask". */
function whileAway(): <T>(ask: () => Promise<T>) => Promise<T | null> {
  let awaySince: number | null = null;
  return async (ask) => {
    try {
      const answer = await ask();
      awaySince = null;
      return answer;
    } catch (error) {
      awaySince ??= performance.now();
      const isAway = error instanceof EngineError && (error.httpStatus === 0 || error.httpStatus >= 500);
      if (!isAway || performance.now() - awaySince > awayMs) throw error;
      return null;
    }
  };
}

async function failure(
  engine: Engine,
  judgement: Judgement & { state: 'failed' },
  options: ConvergeOptions,
): Promise<Convergence> {
  const evidence = await gatherEvidence(engine, judgement.defect, options);
  return { ok: false, service: judgement.defect.view.name, ...explain(judgement.defect, evidence) };
}

/** What failed again and again explains more than what is missing. */
async function timeout(
  engine: Engine,
  judgement: Judgement | null,
  options: ConvergeOptions,
): Promise<Convergence> {
  const isWaiting = judgement?.state === 'waiting';
  const waitingFor = isWaiting ? judgement.waitingFor : [engineOwes(judgement)];
  const summary = explainTimeout(waitingFor, options.timeoutMs);
  const late = {
    ok: false,
    kind: 'timeout',
    cause: isWaiting ? 'recipe' : 'infra',
    service: isWaiting ? (waitingFor[0]?.split(':')[0] ?? '') : '',
    summary,
  } as const;
  const defect = judgement === null ? null : worstDefect(judgement);
  if (defect === null) return late;
  const why = explain(defect, await gatherEvidence(engine, defect, options));
  return { ...late, service: defect.view.name, cause: why.cause, summary: `${summary}; ${why.summary}` };
}

function engineOwes(judgement: Judgement | null): string {
  return judgement === null
    ? 'the engine does not answer'
    : 'the engine does not confirm that its containers run';
}

function converged(view: ServiceView): ConvergedService {
  const update = view.update === 'completed' ? 'completed' : 'none';
  return { service: view.name, running: view.running.length, wanted: view.wanted, update, isJob: view.isJob };
}

function onChange(onProgress: ConvergeOptions['onProgress']): (views: readonly ServiceView[]) => void {
  let told = '';
  return (views) => {
    const progress = views.map((view) => ({
      service: view.name,
      running: view.running.length,
      wanted: view.wanted,
      state:
        view.fresh.find((task) => task.DesiredState !== 'shutdown')?.Status.State ??
        view.fresh[0]?.Status.State ??
        'new',
    }));
    if (JSON.stringify(progress) === told) return;
    told = JSON.stringify(progress);
    onProgress?.(progress);
  };
}
