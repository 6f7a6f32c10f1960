import { isDeepStrictEqual } from 'node:util';
import { isVolatileLabel } from '../recipe/same-stack.ts';
import type { Convergence } from '../swarm/converge.ts';
import type { DeployCall } from '../swarm/deploy.ts';
import type { DeployedService, Deployment } from '../swarm/tasks.ts';
import type { CheckedTest, StageOutcome } from './recorder.ts';

/** What is known of an upgrade that has converged. */
export type Landing = {
  /** The commit under test. */
  readonly ref: string;
  readonly stack: string;
  readonly call: Pick<DeployCall, 'before' | 'unchanged' | 'dropped'>;
  readonly convergence: Extract<Convergence, { ok: true }>;
  /** Read from the engine after it has converged. */
  readonly deployment: Deployment;
};

/** A check for each service, and what they come to: null is a pass; one with the status `pass` has something to say. */
export type Landed = { readonly tests: readonly CheckedTest[]; readonly outcome: StageOutcome | null };

/**
 * Whether an upgrade has landed (stages.md, What passes): every service that changed has ended `completed` by the
 * update that this call started (L30, L31), a new one runs, a dropped one is gone (L34), the tasks are the commit's,
 * and its label says so. What only got other labels has no update to judge; where nothing changed at all, there was no
 * upgrade (L37). Pure.
 */
export function judgeLanded(landing: Landing): Landed {
  const { call, deployment } = landing;
  const kinds = deployment.services.map((service) => ({ service, kind: kindOf(service, call) }));
  const tests = [
    ...kinds.flatMap(({ service, kind }) => checkOf(service, kind, landing)),
    ...call.dropped.map((name) => goneCheck(name, deployment)),
    commitCheck(landing),
  ];
  const failed = tests.find((test) => test.status === 'fail');
  if (failed !== undefined) {
    const summary = `upgrade did not land: ${failed.message}`;
    return { tests, outcome: { status: 'fail', cause: 'recipe', summary } };
  }
  const has = (wanted: Kind) => kinds.some(({ kind }) => kind === wanted);
  if (has('changed') || has('new') || call.dropped.length > 0) return { tests, outcome: null };
  return { tests, outcome: has('relabelled') ? onlyLabels(kinds) : nothingChanged };
}

type Kind = 'new' | 'changed' | 'relabelled' | 'same';

function kindOf({ name, labels }: DeployedService, { before, unchanged }: Landing['call']): Kind {
  const old = before[name];
  if (old === undefined) return 'new';
  if (!unchanged.includes(name)) return 'changed';
  return isDeepStrictEqual(lasting(old.spec.Labels), lasting(labels)) ? 'same' : 'relabelled';
}

function checkOf(service: DeployedService, kind: Kind, { convergence }: Landing): CheckedTest[] {
  const { name, wanted } = service;
  if (kind === 'new') return [test(`${name} is new and runs`, null)];
  if (kind !== 'changed') return [];
  const seen = convergence.services.find((one) => one.service === name);
  const isDone = seen?.update === 'completed' || wanted === 0 || seen?.isJob === true;
  const problem = `Swarm says of no update of ${name} that it completed, although its definition changed`;
  return [test(`the update of ${name} completed`, isDone ? null : problem)];
}

function goneCheck(name: string, { services }: Deployment): CheckedTest {
  const isThere = services.some((service) => service.name === name);
  return test(`${name}, which the commit has not, is removed`, isThere ? `${name} is still there` : null);
}

function commitCheck({ ref, stack, deployment }: Landing): CheckedTest {
  const { on, services } = deployment;
  const label = services.find(({ name }) => name === 'app')?.labels[`coop-cloud.${stack}.chaos-version`];
  const short = ref.slice(0, 8);
  const name = 'the running tasks are those of the commit';
  if (on !== ref) {
    return test(name, `the running tasks are those of ${on?.slice(0, 12) ?? 'no single commit'}`);
  }
  if (label === undefined || label.replace(/\+U$/, '') === short) return test(name, null);
  return test(name, `the label chaos-version of app says ${label}, not ${short}`);
}

function onlyLabels(
  kinds: readonly { readonly service: DeployedService; readonly kind: Kind }[],
): StageOutcome {
  const names = kinds.flatMap(({ service, kind }) => (kind === 'relabelled' ? [service.name] : []));
  return {
    status: 'pass',
    summary: `only labels changed (${names.join(', ')}): Swarm replaced no task, so there was no update to judge`,
  };
}

const nothingChanged: StageOutcome = {
  status: 'unver',
  summary: 'nothing that is deployed changed, so there was no upgrade to judge',
};

function test(name: string, problem: string | null): CheckedTest {
  return { name, status: problem === null ? 'pass' : 'fail', ms: 0, message: problem };
}

function lasting(labels: Readonly<Record<string, string>> = {}): object {
  return Object.fromEntries(
    Object.entries(labels).filter(([key]) => !isVolatileLabel(key) && !key.startsWith('com.docker.')),
  );
}
