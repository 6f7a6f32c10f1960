import type { EngineNode, ServiceSpec } from './shapes.ts';

/** The nodes on which a `global` service gets a task: up, active, and meeting its constraints. Pure. */
export function eligibleNodes(nodes: readonly EngineNode[], spec: ServiceSpec): EngineNode[] {
  const constraints = spec.TaskTemplate.Placement?.Constraints ?? [];
  return nodes.filter(
    (node) =>
      node.Status.State === 'ready' &&
      node.Spec.Availability === 'active' &&
      constraints.every((constraint) => meets(node, constraint)),
  );
}

function meets(node: EngineNode, constraint: string): boolean {
  const [, key = '', operator, wanted = ''] = /^\s*([\w.\-/]+)\s*(==|!=)\s*(.*?)\s*$/.exec(constraint) ?? [];
  if (operator === undefined) return true;
  const isEqual = (attribute(node, key) ?? '').toLowerCase() === wanted.toLowerCase();
  return operator === '==' ? isEqual : !isEqual;
}

function attribute(node: EngineNode, key: string): string | undefined {
  if (key.startsWith('node.labels.')) return node.Spec.Labels?.[key.slice('node.labels.'.length)];
  if (key.startsWith('engine.labels.'))
    return node.Description?.Engine?.Labels?.[key.slice('engine.labels.'.length)];
  const known: Record<string, string | undefined> = {
    'node.id': node.ID,
    'node.hostname': node.Description?.Hostname,
    'node.role': node.Spec.Role,
    'node.platform.os': node.Description?.Platform?.OS,
    'node.platform.arch': node.Description?.Platform?.Architecture,
  };
  return known[key];
}
