import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { exitStatus, Failure } from '../program/failure.ts';
import { throwIfStopped } from '../program/stopped.ts';
import type { ChildResult } from './child.ts';
import { clientWords, runDocker } from './client.ts';
import { engineNow } from './clock.ts';
import type { Engine } from './engine.ts';
import { type Refusal, readRefusal } from './refusal.ts';
import { type EngineService, ofStack, type ServiceSpec, shortName } from './shapes.ts';

/** What was there before a deployment, and what of it was left as it is: by this its updates are judged (L31, L32). */
export type DeployCall = {
  /** The engine's clock just before the call, in milliseconds since 1970. */
  readonly startedAt: number;
  /** By compose name; a service that is not here is new. */
  readonly before: Readonly<Record<string, ServiceBefore>>;
  /** Services whose tasks need no update: their labels or number may have changed, nothing else. */
  readonly unchanged: readonly string[];
  /** Services that the text no longer has; removed when `prune`, else they live on (L34). */
  readonly dropped: readonly string[];
  /** The client's words. */
  readonly output: string;
  /** Why the stack was not taken, or not all of it; null where it was. `waitConverged` gives it back at once. */
  readonly refused: Refusal | null;
};

export type ServiceBefore = {
  readonly version: number;
  readonly spec: ServiceSpec;
  /** `StartedAt` of the update that was the last one then; an update of this call has another. */
  readonly updateStartedAt: string | null;
};

export type DeployOptions = {
  readonly engine: Engine;
  readonly stack: string;
  /** The rendered stack: exactly this is deployed. */
  readonly text: string;
  /** Remove services that the text no longer has. */
  readonly prune?: boolean;
  /** `DOCKER_CONFIG` with the registry logins; then they go to the engine's agents too. */
  readonly dockerConfig?: string | undefined;
  readonly signal?: AbortSignal | undefined;
};

/**
 * Deploys a rendered stack and returns at once; whether it lands is for `waitConverged` to judge, and a stack that is
 * refused does not. `Failure` `deploy-failed` (69) when the engine cannot be reached.
 */
export async function deployStack(options: DeployOptions): Promise<DeployCall> {
  const { engine, stack, text, prune = false, dockerConfig, signal } = options;
  const before = await servicesBefore(engine, stack);
  const startedAt = await engineNow(engine);
  // No digests are looked up: what was judged is deployed, and an unreachable registry costs nothing.
  const args = ['stack', 'deploy', '--compose-file', '-', '--resolve-image', 'never'];
  if (prune) args.push('--prune');
  if (dockerConfig !== undefined) args.push('--with-registry-auth');
  throwIfStopped(signal, `deploying the stack ${stack}`);
  // Without the signal: what a client that is killed has asked for is made after the removal of the run has looked.
  const result = await runDocker([...args, stack], { host: engine.host, input: text, dockerConfig });
  const words = clientWords(result);
  if (result.exitCode !== 0 && isUnreachable(result, words))
    throw new Failure(exitStatus.unavailable, 'deploy-failed', `cannot deploy the stack ${stack}: ${words}`);
  const after = await stackServices(engine, stack);
  const names = serviceNames(text);
  return {
    startedAt,
    before,
    unchanged: unchangedServices(stack, before, after),
    dropped: Object.keys(before).filter((name) => !names.includes(name)),
    output: `${result.stdout}${result.stderr}`.trim(),
    refused: result.exitCode === 0 ? null : readRefusal(stack, words),
  };
}

function isUnreachable(result: ChildResult, words: string): boolean {
  return (
    result.ended !== null ||
    /cannot connect|connection refused|connection reset|no such host|TLS|timeout/i.test(words)
  );
}

/** What is there of a stack now; for changes of our own (scaling) that are judged like a deployment. */
export async function servicesBefore(engine: Engine, stack: string): Promise<Record<string, ServiceBefore>> {
  const services = await stackServices(engine, stack);
  return Object.fromEntries(
    services.map((service) => [
      shortName(stack, service.Spec.Name),
      {
        version: service.Version.Index,
        spec: service.Spec,
        updateStartedAt: service.UpdateStatus?.StartedAt ?? null,
      },
    ]),
  );
}

export function stackServices(engine: Engine, stack: string): Promise<EngineService[]> {
  return engine.json('GET', `/services?${ofStack(stack)}`);
}

/** Services whose tasks stay: Swarm replaces tasks only for another task template or other endpoints. Pure. */
export function unchangedServices(
  stack: string,
  before: Readonly<Record<string, ServiceBefore>>,
  after: readonly EngineService[],
): string[] {
  return after
    .filter((service) => {
      const old = before[shortName(stack, service.Spec.Name)]?.spec;
      if (old === undefined) return false;
      const isSame = isDeepStrictEqual(old.TaskTemplate, service.Spec.TaskTemplate);
      return isSame && isDeepStrictEqual(old.EndpointSpec, service.Spec.EndpointSpec);
    })
    .map((service) => shortName(stack, service.Spec.Name))
    .sort();
}

function serviceNames(text: string): string[] {
  const stack = parse(text) as { services?: Record<string, unknown> } | null;
  return Object.keys(stack?.services ?? {});
}
