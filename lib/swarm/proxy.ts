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
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, unknown>> | null };
};

/**
 * Joins the proxy's containers on this engine to a run's network; those that are on it already are left alone, so that
 * it can be asked again (a proxy that was replaced meanwhile is joined anew). `Failure` `no-proxy` (69) without any.
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
  for (const { Id, NetworkSettings } of containers) {
    if (Object.hasOwn(NetworkSettings?.Networks ?? {}, network)) continue;
    await connect(engine, network, Id, signal);
  }
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
  Container: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await engine.json('POST', `/networks/${encodeURIComponent(network)}/connect`, { Container }, { signal });
  } catch (error) {
    const isThere = error instanceof EngineError && /already (exists|attached)/i.test(error.words);
    if (!isThere) throw error;
  }
}
