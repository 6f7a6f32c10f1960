import { exitStatus, Failure } from '../program/failure.ts';
import { type Engine, EngineError } from './engine.ts';
import { filters } from './shapes.ts';

export type ProxyOptions = {
  /** Name of the proxy's service or container, or `label=KEY` or `label=KEY=VALUE` of its container. */
  readonly proxy: string;
  /** The run's network: an attachable one. */
  readonly network: string;
  readonly signal?: AbortSignal | undefined;
};

type Container = {
  readonly Id: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, unknown>> | null };
};

/**
 * Joins the proxy's containers on this engine to a run's network; those that are on it already are left alone, so that
 * it can be asked again (a proxy that was replaced meanwhile is joined anew). `Failure` `no-proxy` (69) without any.
 * A proxy that is a Swarm service joins only a network that is on this engine already, so with a task of the run.
 * `removeRun` lets go of it, since it disconnects whatever is left on a network that it removes.
 */
export async function joinProxy(engine: Engine, { proxy, network, signal }: ProxyOptions): Promise<void> {
  const containers = await findProxy(engine, proxy, signal);
  if (containers.length === 0) {
    throw new Failure(
      exitStatus.unavailable,
      'no-proxy',
      `no container of the proxy ${proxy} runs on this engine`,
      {
        hint: 'stage.proxy names its service or container, or a label of it: label=KEY=VALUE',
      },
    );
  }
  for (const [index, { Id, Labels, NetworkSettings }] of containers.entries()) {
    if (Object.hasOwn(NetworkSettings?.Networks ?? {}, network)) continue;
    const address =
      Labels?.['com.docker.swarm.task.id'] === undefined ? null : await lastAddress(engine, network, index);
    await connect(engine, network, { container: Id, address, signal });
  }
}

/**
 * Swarm does not hear of the address that a task of its own gets this way, and would give it to the next task: the
 * last one of the network is what it comes to last. (A container that is no task is announced to Swarm by the engine.)
 */
async function lastAddress(engine: Engine, network: string, before: number): Promise<string | null> {
  const { IPAM } = await engine.json<{ IPAM?: { Config?: { Subnet?: string }[] | null } }>(
    'GET',
    `/networks/${encodeURIComponent(network)}`,
  );
  const subnet = IPAM?.Config?.map(({ Subnet }) => Subnet ?? '').find((text) => /^[\d.]+\/\d+$/.test(text));
  return subnet === undefined ? null : lastOf(subnet, before);
}

/** The last address of an IPv4 subnet that is a host's, or one so many before it. */
function lastOf(subnet: string, before: number): string {
  const [base = '', bits = ''] = subnet.split('/');
  const start = base.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const last = start + 2 ** (32 - Number(bits)) - 2 - before;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
}

async function findProxy(
  engine: Engine,
  proxy: string,
  signal: AbortSignal | undefined,
): Promise<Container[]> {
  const label = /^label=(.+)$/.exec(proxy)?.[1];
  const list = (wanted: Readonly<Record<string, readonly string[]>>) =>
    engine.json<Container[]>(
      'GET',
      `/containers/json?${filters({ status: ['running'], ...wanted })}`,
      undefined,
      { signal },
    );
  if (label !== undefined) return await list({ label: [label] });
  const ofService = await list({ label: [`com.docker.swarm.service.name=${proxy}`] });
  return ofService.length > 0 ? ofService : await list({ name: [`^/${proxy.replaceAll('.', '\\.')}$`] });
}

async function connect(
  engine: Engine,
  network: string,
  {
    container,
    address,
    signal,
  }: { container: string; address: string | null; signal: AbortSignal | undefined },
): Promise<void> {
  const endpoint = address === null ? {} : { EndpointConfig: { IPAMConfig: { IPv4Address: address } } };
  const body = { Container: container, ...endpoint };
  try {
    await engine.json('POST', `/networks/${encodeURIComponent(network)}/connect`, body, { signal });
  } catch (error) {
    const isThere = error instanceof EngineError && /already (exists|attached)/i.test(error.words);
    if (!isThere) throw error;
  }
}
