import type { ServiceView } from './service-view.ts';
import type { EngineTask, PublishedPort } from './shapes.ts';

/** Who has a port that a service asks for. */
export type PortHolder = {
  readonly port: number;
  /**
   * `service`: another one of the stack, `name`; `replica`: a task of the same service; `previous`: a task of its
   * previous version; `outside`: nobody of this stack.
   */
  readonly by: 'service' | 'replica' | 'previous' | 'outside';
  readonly name: string | null;
};

/** Who of the stack has a host-mode port that this service asks for; Swarm does not say which port it is. Pure. */
export function findPortHolder(view: ServiceView, views: readonly ServiceView[]): PortHolder {
  const wanted = hostPorts(view);
  for (const port of wanted) {
    const other = views.find((one) => one !== view && isRunning(one) && hostPorts(one).some(isSame(port)));
    if (other !== undefined) return { port: port.PublishedPort, by: 'service', name: other.name };
  }
  const by = view.otherRunning.length > 0 ? 'previous' : view.running.length > 0 ? 'replica' : 'outside';
  return { port: wanted[0]?.PublishedPort ?? 0, by, name: null };
}

/** The port of which the engine says that somebody outside of Swarm has it; null where it says no such thing. */
export function takenPort(task: EngineTask | undefined): PortHolder | null {
  const error = task?.Status.Err ?? '';
  if (!/address already in use|port is already allocated/.test(error)) return null;
  const port = Number(/(?:listen \w+ |Bind for )\S*:(\d+)/.exec(error)?.[1] ?? 0);
  return { port, by: 'outside', name: null };
}

/** What stands in the way of a service that wants a port, and what to do. Pure. */
export function portWords(service: string, { port, by, name }: PortHolder): string {
  const which = port === 0 ? 'a port that it publishes' : `port ${port}`;
  switch (by) {
    case 'service':
      return `${service} cannot have ${which}: ${name} of the same recipe has it; let one of them publish another`;
    case 'replica':
      return `${service} cannot have ${which} more than once on a machine: with mode host only one replica can publish it`;
    case 'previous':
      return `the new task of ${service} cannot have ${which} while the previous one has it: a port with mode host needs update_config.order: stop-first`;
    case 'outside':
      return `${service} cannot have ${which}: something outside of this deployment has it on the machine`;
  }
}

function hostPorts(view: ServiceView): PublishedPort[] {
  const ports = view.service.Spec.EndpointSpec?.Ports ?? [];
  return ports.filter(({ PublishMode, PublishedPort: port }) => PublishMode === 'host' && port > 0);
}

function isSame(port: PublishedPort): (other: PublishedPort) => boolean {
  return (other) => other.PublishedPort === port.PublishedPort && other.Protocol === port.Protocol;
}

function isRunning(view: ServiceView): boolean {
  return view.running.length + view.otherRunning.length > 0;
}
