import { exitStatus, Failure } from '../program/failure.ts';
import { throwIfStopped } from '../program/stopped.ts';
import type { Engine } from './engine.ts';
import { thisNode } from './info.ts';
import { ensureRelayImage } from './relay-image.ts';
import { type EngineTask, filters } from './shapes.ts';
import { openWakes } from './wakes.ts';

export type Relay = {
  /** Of the service. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Network on which it is asked, and the only name that it has there. */
  readonly from: { readonly network: string; readonly alias: string };
  /** Service, by its full name, and port in its containers, to which it hands on. */
  readonly to: { readonly service: string; readonly port: number };
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
};

/** The port by which a domain is asked without naming one. */
const httpPort = 80;

/**
 * Makes a service that is known on one network by one name and hands every connection, on port 80 and on the service's
 * own, on to a service of other networks. Neither side is on the other's networks: a name that is looked up in one is
 * never answered by the other. Why it is made so: docs/decisions/0012.
 */
export async function makeRelay(engine: Engine, relay: Relay): Promise<void> {
  const [image, networks, node] = await Promise.all([
    ensureRelayImage(engine),
    networksOf(engine, relay.to.service),
    thisNode(engine),
  ]);
  const from = await engine.json<{ Id: string }>(
    'GET',
    `/networks/${encodeURIComponent(relay.from.network)}`,
  );
  await engine.json('POST', '/services/create', {
    Name: relay.name,
    Labels: relay.labels,
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Command: ['/busybox', 'sh', '-c', script(relay.to)],
        Labels: relay.labels,
        Init: true,
        StopGracePeriod: 1_000_000_000,
        ReadOnly: true,
        CapabilityDrop: ['ALL'],
        CapabilityAdd: ['CAP_NET_BIND_SERVICE'],
      },
      Resources: { Limits: { MemoryBytes: 256 * 1024 * 1024, Pids: 2_048 } },
      RestartPolicy: { Condition: 'any', Delay: 500_000_000 },
      // The image is on this node alone.
      Placement: { Constraints: [`node.id==${node}`] },
      Networks: [
        { Target: from.Id, Aliases: [relay.from.alias] },
        ...networks.map((Target) => ({ Target, Aliases: [] })),
      ],
    },
    Mode: { Replicated: { Replicas: 1 } },
    EndpointSpec: { Mode: 'dnsrr' },
  });
  await untilRunning(engine, relay);
}

/** The full name of a service is known on all its networks, and there is no other of that name on the swarm. */
function script({ service, port }: Relay['to']): string {
  const ports = [...new Set([httpPort, port])];
  const servers = ports.map((one) => `/busybox nc -ll -p ${one} -e /busybox nc tasks.${service} ${port}`);
  return `${servers.map((server) => `${server} &`).join(' ')} wait`;
}

/** Networks of a service, by id; of the ingress mesh nothing is needed. */
async function networksOf(engine: Engine, service: string): Promise<string[]> {
  const { Spec } = await engine.json<{
    Spec: { TaskTemplate: { Networks?: { Target: string }[] | null } };
  }>('GET', `/services/${encodeURIComponent(service)}`);
  return (Spec.TaskTemplate.Networks ?? []).map(({ Target }) => Target);
}

async function untilRunning(engine: Engine, { name, timeoutMs, signal }: Relay): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  const wakes = await openWakes(engine, {
    types: ['container', 'service'],
    isRelevant: ({ Actor }) => Object.values(Actor.Attributes).includes(name),
    signal,
  });
  try {
    for (;;) {
      throwIfStopped(signal, `waiting for ${name}`);
      const tasks = await engine.json<EngineTask[]>('GET', `/tasks?${filters({ service: [name] })}`);
      if (tasks.some(({ Status }) => Status.State === 'running')) return;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0) throw notUp(name, tasks);
      await wakes.next(Math.min(1_000, leftMs));
    }
  } finally {
    wakes.close();
  }
}

function notUp(name: string, tasks: readonly EngineTask[]): Failure {
  const words = tasks.map(({ Status }) => Status.Err ?? Status.Message ?? Status.State).join('; ');
  return new Failure(exitStatus.unavailable, 'relay-not-up', `${name} does not start: ${words}`);
}
