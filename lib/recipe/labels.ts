import { byCodeUnit, type Labels, type Stack, serviceLabels, services } from './compose.ts';

export type Routed = {
  readonly service: string;
  /** Port in the container. */
  readonly port: number;
  readonly kind: 'http' | 'tcp';
  /** The container itself speaks TLS (`loadbalancer.server.scheme=https`). */
  readonly tls: boolean;
};

/**
 * The service that the proxy routes to and its port, from Traefik's labels; null where none is routed.
 *
 * HTTP comes before TCP and `app` before the others; of several ports of one service the one with the shortest
 * Traefik name, since further ones are called `${STACK_NAME}-admin`.
 */
export function routedService(stack: Stack): Routed | null {
  const candidates = services(stack)
    .filter(([, service]) => isTrue(serviceLabels(service)['traefik.enable']))
    .flatMap(([name, service]) => ports(name, serviceLabels(service)));
  const [best] = candidates.sort(
    (a, b) =>
      byCodeUnit(a.kind, b.kind) ||
      Number(b.service === 'app') - Number(a.service === 'app') ||
      byCodeUnit(a.service, b.service) ||
      a.traefikName.length - b.traefikName.length ||
      byCodeUnit(a.traefikName, b.traefikName),
  );
  return best === undefined
    ? null
    : { service: best.service, port: best.port, kind: best.kind, tls: best.tls };
}

/** The recipe's own limit for a deploy, in seconds: label `coop-cloud.<stack>.timeout` of `app`, 300 by default. */
export function deployTimeoutSeconds(stack: Stack, stackName: string): number {
  const label = serviceLabels(stack.services.app)[`coop-cloud.${stackName}.timeout`] ?? '';
  return /^[1-9]\d{0,5}$/.test(label) ? Number(label) : 300;
}

/** The version that the recipe says it is: label `coop-cloud.<stack>.version` of `app`; null without one. */
export function versionLabel(stack: Stack, stackName: string): string | null {
  return serviceLabels(stack.services.app)[`coop-cloud.${stackName}.version`] || null;
}

/** How labels say yes. */
export function isTrue(label: string | undefined): boolean {
  return label !== undefined && /^(true|1|yes|on)$/i.test(label.trim());
}

function ports(service: string, labels: Labels): (Routed & { readonly traefikName: string })[] {
  return Object.entries(labels).flatMap(([label, value]) => {
    const match = /^traefik\.(http|tcp)\.services\.([^.]+)\.loadbalancer\.server\.port$/i.exec(label);
    const port = Number(value);
    if (match === null || !Number.isInteger(port) || port < 1 || port > 65_535) return [];
    const kind = match[1]?.toLowerCase() === 'tcp' ? ('tcp' as const) : ('http' as const);
    const scheme = labels[label.replace(/\.port$/i, '.scheme')] ?? 'http';
    return [{ service, port, kind, tls: /^https$/i.test(scheme.trim()), traefikName: match[2] ?? '' }];
  });
}
