import { connect } from 'node:net';
import { waitHttp } from '../probe/http.ts';
import { routedService } from '../recipe/labels.ts';
import { taskAddresses } from '../swarm/tasks.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
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
    return null;
  }
  const probes = [healthProbe(context, routed), ...readinessProbes(context, routed)];
  for (const probe of probes) {
    const outcome = await probe();
    if (outcome !== null) return outcome;
  }
  return null;
}

/** Address of the newest task of a service; null while there is none. */
export async function resolveTarget(context: RunContext, target: Target) {
  const [first] = await taskAddresses(context.engine, context.stack, target.service);
  return first === undefined ? null : { address: first.address, port: target.port };
}

type Probe = () => Promise<StageOutcome | null>;

function healthProbe(context: RunContext, routed: Target & { readonly kind: string }): Probe {
  const { health } = context.settings;
  return routed.kind === 'tcp'
    ? () => tcpProbe(context, routed)
    : () => httpProbe(context, routed, { path: health.path, ok: health.ok });
}

function readinessProbes(context: RunContext, routed: Target): Probe[] {
  return context.settings.ready.map((probe) =>
    'http' in probe
      ? () => httpProbe(context, readyTarget(probe.http, routed), probe)
      : () => tcpProbe(context, { service: probe.tcp, port: probe.port }),
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
  const name = `${target.service} answers GET ${expected.path} with ${expected.ok.join(' or ')}`;
  await context.recorder.test({
    name,
    status: probe.ok ? 'pass' : 'fail',
    ms: probe.ms,
    message: probe.ok ? null : probe.message,
  });
  if (probe.ok) return null;
  return {
    status: 'fail',
    cause: 'recipe',
    summary: `GET ${expected.path} of ${target.service}: ${probe.message}; expected ${expected.ok.join(' or ')}`,
  };
}

async function tcpProbe(context: RunContext, target: Target): Promise<StageOutcome | null> {
  const startedAt = Date.now();
  const limitMs = milliseconds(context.settings.timeouts.http);
  let reached = false;
  while (!reached && !context.signal.aborted && Date.now() - startedAt < limitMs) {
    const address = await resolveTarget(context, target);
    reached = address !== null && (await accepts(address));
  }
  const name = `${target.service} accepts connections on port ${target.port}`;
  await context.recorder.test({ name, status: reached ? 'pass' : 'fail', ms: Date.now() - startedAt });
  if (reached) return null;
  return { status: 'fail', cause: 'recipe', summary: `${name}: none within ${limitMs / 1000} s` };
}

/** One attempt, at most a second long; a refusal is answered after a quarter of one, so that nobody asks in a tight loop. */
function accepts({ address, port }: { readonly address: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 1_000 });
    socket.once('connect', () => end(true, 0));
    socket.once('timeout', () => end(false, 0));
    socket.once('error', () => end(false, 250));
    function end(reached: boolean, delayMs: number) {
      socket.destroy();
      setTimeout(() => resolve(reached), delayMs);
    }
  });
}
