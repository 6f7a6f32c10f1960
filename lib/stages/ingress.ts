import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type FrontDoor, openFrontDoor } from '../probe/front-door.ts';
import type { Address } from '../probe/http.ts';
import { openProxyDoor } from '../probe/proxy-door.ts';
import { openTcpDoor } from '../probe/tcp-door.ts';
import type { Routed } from '../recipe/labels.ts';
import { joinProxy } from '../swarm/proxy.ts';
import { serviceContainers, taskAddresses } from '../swarm/tasks.ts';
import type { RunContext } from './context.ts';

/** How requests come to a deployment (design.md, Engine). */
export type Ingress =
  | { readonly kind: 'direct' }
  | {
      readonly kind: 'traefik';
      /** The proxy's service or container, or `label=KEY=VALUE` of its container. */
      readonly proxy: string;
      /** Where it takes HTTPS. */
      readonly connect: Address;
      /** PEM of who vouches for its certificate; null: whom everybody trusts. */
      readonly caFile: string | null;
    };

/** A port of a service, as a probe or a door asks for it. */
export type Target = Pick<Routed, 'service' | 'port'> & Partial<Pick<Routed, 'kind' | 'tls'>>;

/** Address of the newest task of a service; null while there is none; one that no address leads to is told apart. */
export async function resolveTask(
  context: RunContext,
  target: Target,
): Promise<Address | { readonly hidden: string } | null> {
  const { engine, stack } = context;
  const [first] = await taskAddresses(engine, stack, target.service);
  if (first !== undefined)
    return {
      address: first.address,
      port: target.port,
      tls: target.tls,
      by: `task ${first.task.slice(0, 12)}`,
    };
  const [running] = await serviceContainers(engine, stack, target.service);
  if (running === undefined) return null;
  return { hidden: `${target.service} is on internal networks only, which nobody outside of them reaches` };
}

/** Where the routed service is asked: through the proxy where there is one, else its newest task. */
export async function resolveRouted(context: RunContext, routed: Routed): Promise<Address | null> {
  const { ingress } = context;
  if (ingress.kind === 'direct' || routed.kind === 'tcp') {
    const found = await resolveTask(context, routed);
    return found === null || 'hidden' in found ? null : found;
  }
  await joinIngress(context);
  return { ...ingress.connect, tls: true, isProxy: true, by: 'the proxy' };
}

/** Opens the way by which tests reach the deployment: `https://DOMAIN`, or bytes where the router is one of TCP. */
export async function openDoor(context: RunContext, routed: Routed): Promise<FrontDoor> {
  const { domain, ingress, signal } = context;
  const workDir = join(context.directory.work, 'door', domain);
  await mkdir(workDir, { recursive: true });
  const options = { domain, workDir, signal, resolve: () => resolveRouted(context, routed) };
  if (routed.kind === 'tcp') return await openTcpDoor(options, routed.port);
  if (ingress.kind === 'direct') return await openFrontDoor(options);
  await joinIngress(context);
  return await openProxyDoor({ ...options, proxy: ingress.connect, caFile: ingress.caFile });
}

/** Joins the proxy to the run's network, where there is one; asked again and again, because it may be replaced. */
async function joinIngress(context: RunContext): Promise<void> {
  const { engine, ingress, network, signal } = context;
  if (ingress.kind === 'traefik') await joinProxy(engine, { proxy: ingress.proxy, network, signal });
}
