import { type Probe, waitHttp } from '../probe/http.ts';
import { waitTcp } from '../probe/tcp.ts';
import { routedService } from '../recipe/labels.ts';
import { taskAddresses } from '../swarm/tasks.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import { waitReady } from './ready-hook.ts';
import type { StageOutcome } from './recorder.ts';

export type Target = { readonly service: string; readonly port: number };

/**
 * Whether the deployment serves: the health path of the routed service over HTTP, then the recipe's readiness probes,
 * each a test record. Null when all is well.
 */
export async function checkServing(context: RunContext, prepared: Prepared): Promise<StageOutcome | null> {
  const routed = routedService(prepared.rendered);
  if (routed === null) {
    await context.recorder.test({
      name: 'a service is routed',
      status: 'skip',
      ms: 0,
      message: 'no service has a Traefik label with a port, so there is nothing to ask over HTTP',
    });
    return waitReady(context);
  }
  const probes = [healthProbe(context, routed), ...readinessProbes(context, routed)];
  for (const probe of probes) {
    const outcome = await probe();
    if (outcome !== null) return outcome;
  }
  return waitReady(context);
}

/** Address of the newest task of a service; null while there is none. */
export async function resolveTarget(context: RunContext, target: Target) {
  const [first] = await taskAddresses(context.engine, context.stack, target.service);
  return first === undefined ? null : { address: first.address, port: target.port };
}

type Check = () => Promise<StageOutcome | null>;

function healthProbe(context: RunContext, routed: Target & { readonly kind: string }): Check {
  const { health } = context.settings;
  return routed.kind === 'tcp'
    ? () => tcpProbe(context, routed, 0)
    : () => httpProbe(context, routed, { path: health.path, ok: health.ok });
}

function readinessProbes(context: RunContext, routed: Target): Check[] {
  return context.settings.ready.map((probe) =>
    'http' in probe
      ? () => httpProbe(context, readyTarget(probe.http, routed), probe)
      : () => tcpProbe(context, { service: probe.tcp, port: probe.port }, probe.stable),
  );
}

/** `app`, or `api:8080` where it is not the routed port. */
function readyTarget(written: string, routed: Target): Target {
  const [service = '', port] = written.split(':');
  return { service, port: port === undefined ? routed.port : Number(port) };
}

async function httpProbe(
  context: RunContext,
  target: Target,
  expected: { readonly path: string; readonly ok: readonly number[] },
): Promise<StageOutcome | null> {
  const probe = await waitHttp({
    resolve: () => resolveTarget(context, target),
    host: context.domain,
    path: expected.path,
    ok: expected.ok,
    timeoutMs: milliseconds(context.settings.timeouts.http),
    signal: context.signal,
  });
  return recordProbe(
    context,
    `${target.service} answers GET ${expected.path} with ${expected.ok.join(' or ')}`,
    probe,
  );
}

async function tcpProbe(
  context: RunContext,
  target: Target,
  stableSeconds: number,
): Promise<StageOutcome | null> {
  const probe = await waitTcp({
    resolve: () => resolveTarget(context, target),
    stableMs: milliseconds(stableSeconds),
    timeoutMs: milliseconds(context.settings.timeouts.http),
    signal: context.signal,
  });
  const name = `${target.service} accepts connections on port ${target.port}`;
  return recordProbe(context, name, probe);
}

async function recordProbe(context: RunContext, name: string, probe: Probe): Promise<StageOutcome | null> {
  const { ok, ms, message } = probe;
  await context.recorder.test({ name, status: ok ? 'pass' : 'fail', ms, message });
  return ok ? null : { status: 'fail', cause: 'recipe', summary: `${name}: ${message}` };
}
