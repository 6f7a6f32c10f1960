import { type Address, type Probe, waitHttp } from '../probe/http.ts';
import { waitTcp } from '../probe/tcp.ts';
import { services } from '../recipe/compose.ts';
import { type Routed, routedService } from '../recipe/labels.ts';
import { milliseconds, type RunContext } from './context.ts';
import { resolveRouted, resolveTask, type Target } from './ingress.ts';
import type { Rendered } from './prepare.ts';
import { waitReady } from './ready-hook.ts';
import type { StageOutcome } from './recorder.ts';
import { wordsForUnasked } from './unasked.ts';

/**
 * Whether the deployment serves: the health path of the routed service over HTTP, then the recipe's readiness probes,
 * each a test record. Where there is nothing to ask, a record says so. Null when all is well.
 */
export async function checkServing(context: RunContext, prepared: Rendered): Promise<StageOutcome | null> {
  const routed = routedService(prepared.rendered);
  if (routed === null) await recordUnrouted(context, prepared);
  const probes = [
    ...(routed === null ? [] : [healthProbe(context, routed)]),
    ...readinessProbes(context, routed, prepared),
  ];
  for (const probe of probes) {
    const outcome = await probe();
    if (outcome !== null) return outcome;
  }
  return waitReady(context);
}

/** What was proven of a deployment that nobody could ask, in words; null where somebody was asked. */
export function servingNote(context: RunContext, prepared: Rendered): string | null {
  const isAsked = routedService(prepared.rendered) !== null || context.settings.ready.length > 0;
  return isAsked ? null : wordsForUnasked(prepared.rendered).note;
}

async function recordUnrouted(context: RunContext, prepared: Rendered): Promise<void> {
  const message = wordsForUnasked(prepared.rendered).message;
  await context.recorder.test({ name: 'a service is routed', status: 'skip', ms: 0, message });
}

type Check = () => Promise<StageOutcome | null>;
type Resolve = () => Promise<Address | null>;

function healthProbe(context: RunContext, routed: Routed): Check {
  const { health } = context.settings;
  const resolve = () => resolveRouted(context, routed);
  return routed.kind === 'tcp'
    ? () => tcpProbe(context, routed, resolve, 0)
    : () => httpProbe(context, routed, resolve, health);
}

/** Services that are not routed are asked directly, with the proxy too. */
function readinessProbes(context: RunContext, routed: Routed | null, prepared: Rendered): Check[] {
  return context.settings.ready.map((probe) => {
    const target =
      'http' in probe ? readyTarget(probe.http, routed) : { service: probe.tcp, port: probe.port };
    const problem = problemOf(target, prepared);
    if (problem !== null) return async () => ({ status: 'unver', summary: `recipe.yml, ready: ${problem}` });
    const known = target as Target;
    return async () => {
      const first = await resolveTask(context, known);
      if (first !== null && 'hidden' in first)
        return { status: 'unver', summary: `recipe.yml, ready: ${first.hidden}` };
      const resolve = () => resolveVisible(context, known);
      return 'http' in probe
        ? await httpProbe(context, known, resolve, probe)
        : await tcpProbe(context, known, resolve, probe.stable);
    };
  });
}

async function resolveVisible(context: RunContext, target: Target): Promise<Address | null> {
  const found = await resolveTask(context, target);
  return found === null || 'hidden' in found ? null : found;
}

/** `app`, or `api:8080` where it is not the routed port. */
function readyTarget(
  written: string,
  routed: Routed | null,
): Omit<Target, 'port'> & { readonly port: number | null } {
  const [service = '', port] = written.split(':');
  if (port !== undefined) return { service, port: Number(port) };
  if (routed === null) return { service, port: null };
  return { service, port: routed.port, tls: routed.service === service && routed.tls };
}

/** What of a probe is a mistake in the settings and not the recipe's doing. */
function problemOf(
  { service, port }: { readonly service: string; readonly port: number | null },
  { rendered }: Rendered,
): string | null {
  const names = services(rendered).map(([name]) => name);
  if (!names.includes(service)) return `there is no service ${service} (there are ${names.join(', ')})`;
  if (port === null)
    return `no service is routed, so write which port of ${service} is meant: ${service}:8080`;
  return Number.isInteger(port) && port > 0 && port < 65_536 ? null : `${service}:${port} is no port`;
}

async function httpProbe(
  context: RunContext,
  target: Target,
  resolve: Resolve,
  expected: { readonly path: string; readonly ok: readonly number[] },
): Promise<StageOutcome | null> {
  const probe = await waitHttp({
    resolve,
    host: context.domain,
    path: expected.path,
    ok: expected.ok,
    timeoutMs: milliseconds(context.settings.timeouts.http),
    signal: context.signal,
  });
  const name = `${target.service} answers GET ${expected.path} with ${expected.ok.join(' or ')}`;
  return recordProbe(context, name, probe);
}

async function tcpProbe(
  context: RunContext,
  target: Target,
  resolve: Resolve,
  stableSeconds: number,
): Promise<StageOutcome | null> {
  const probe = await waitTcp({
    resolve,
    stableMs: milliseconds(stableSeconds),
    timeoutMs: milliseconds(context.settings.timeouts.http),
    signal: context.signal,
  });
  return recordProbe(context, `${target.service} accepts connections on port ${target.port}`, probe);
}

/** A good answer says who gave it. */
async function recordProbe(context: RunContext, name: string, probe: Probe): Promise<StageOutcome | null> {
  const { ok, ms, message, by } = probe;
  const words = ok && by !== undefined ? `answered by ${by}` : message;
  await context.recorder.test({ name, status: ok ? 'pass' : 'fail', ms, message: words });
  return ok ? null : { status: 'fail', cause: 'recipe', summary: `${name}: ${message}` };
}
