import { randomBytes } from 'node:crypto';
import { type Convergence, type ConvergeOptions, waitConverged } from '@ccci/lib/swarm/converge.ts';
import { type DeployCall, deployStack } from '@ccci/lib/swarm/deploy.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { type Removal, removeRun } from '@ccci/lib/swarm/remove.ts';
import type { Test } from 'tap';
import { stringify } from 'yaml';

/** One run on a real engine, removed at the end of its test. */
export type LabRun = {
  readonly stack: string;
  readonly run: string;
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly deploy: (services: Services, more?: Record<string, unknown>) => Promise<DeployCall>;
  readonly converge: (call: DeployCall, options?: Partial<ConvergeOptions>) => Promise<Convergence>;
  readonly land: (services: Services, more?: Record<string, unknown>) => Promise<Convergence>;
  readonly remove: () => Promise<Removal>;
};

export type Services = Readonly<Record<string, Record<string, unknown>>>;

/** A stack of this test's own. `commit` in the services' labels is up to the test. */
export function labRun(t: Test, engine: Engine): LabRun {
  const run = `run-${randomBytes(3).toString('hex')}`;
  const stack = run.replace('-', '_');
  const owner = 'tests';
  const labels = { 'ccci.owner': owner, 'ccci.run': run };
  const signal = AbortSignal.timeout(240_000);
  const deploy: LabRun['deploy'] = (services, more = {}) =>
    deployStack({ engine, stack, text: stackText(services, more), signal });
  const converge: LabRun['converge'] = (call, options = {}) =>
    waitConverged(engine, { stack, call, timeoutMs: 240_000, signal, ...options });
  const remove = () => removeRun(engine, { stack, run, owner, timeoutMs: 90_000 });
  t.setTimeout(600_000);
  t.teardown(remove);
  return {
    stack,
    run,
    owner,
    labels,
    signal,
    deploy,
    converge,
    remove,
    land: async (services, more) => converge(await deploy(services, more)),
  };
}

/** A service of the image `web`: its page on port 80, gone at once when told to stop. */
export function web(
  version: number,
  more: Record<string, unknown> = {},
  deploy: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    image: `lab.invalid/web:${version}`,
    stop_grace_period: '1s',
    ...more,
    deploy: { endpoint_mode: 'dnsrr', update_config: { monitor: '500ms' }, ...deploy },
  };
}

function stackText(services: Services, more: Record<string, unknown>): string {
  return stringify({ version: '3.9', services, ...more });
}
