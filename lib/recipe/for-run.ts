import {
  type Labels,
  objectName,
  type Service,
  type Stack,
  type StackObject,
  type StackObjects,
  services,
} from './compose.ts';
import { isTrue } from './labels.ts';
import { checkObjectName, checkServiceName } from './names.ts';
import { defaultRunLimits, type RunLimits, withLimits } from './run-limits.ts';

export type ForRunOptions = {
  readonly stackName: string;
  /** The run's own network, in the place of the shared `proxy`. */
  readonly network: string;
  /** Content of `<state>/id`. */
  readonly owner: string;
  readonly run: string;
  /** Commit, 40 hex digits. */
  readonly ref: string;
  /** Eight hex digits of the commit, `+U` behind it where the tree is dirty. */
  readonly commitLabel: string;
  /** Keep published ports: the recipe runs alone (`exclusive` in `recipe.yml`). */
  readonly keepPorts?: boolean;
  /** Where the recipe sets none; `defaultRunLimits` without. */
  readonly limits?: RunLimits | undefined;
  /** The proxy is on the run's network and reads the labels: it is told to take that one. */
  readonly isProxied?: boolean;
  /** The app's `.env`: what `app` does not set already becomes part of its environment, as abra does. */
  readonly env?: Readonly<Record<string, string>>;
};

/** A config or secret whose content comes from a file of the checkout; made through the engine's API. */
export type StackFile = {
  readonly kind: 'config' | 'secret';
  readonly key: string;
  readonly name: string;
  readonly file: string;
  /** The engine's template driver: `golang`. */
  readonly templating: string | null;
  readonly labels: Labels;
};

export type ForRun = {
  readonly stack: Stack;
  readonly files: readonly StackFile[];
  /** Secrets that must exist before the deploy: key in compose, name on the swarm. */
  readonly externalSecrets: readonly { readonly key: string; readonly name: string }[];
  /** What the recipe asks for and this run leaves out, as paths: `service.app.ports`. */
  readonly dropped: readonly string[];
};

/**
 * The stack as a run deploys it: judged by the policy before, printed by `printStack` after.
 *
 * Its own network, labels of owner and run on all that is made, the commit as a label of the services alone
 * (an unchanged service must stay unchanged for the engine), no published ports, `env_file` gone (rendering has
 * inlined it, and deploying would look for the file again), configs and secrets by name.
 *
 * @throws Failure `name-too-long`, `no-version` for names that Swarm or abra would not take.
 */
export function prepareForRun(stack: Stack, options: ForRunOptions): ForRun {
  const configs = filesOf('config', stack.configs, options.stackName);
  const secrets = filesOf('secret', stack.secrets, options.stackName);
  const proxies = proxyKeys(stack);
  const prepared: Stack = {
    version: schemaVersion(stack.version),
    services: mapValues(stack.services, (service, name) =>
      withLimits(serviceForRun(name, service, proxies, options), options.limits ?? defaultRunLimits),
    ),
    ...section('volumes', stack, (volume) => (volume.external === true ? volume : owned(volume, options))),
    networks: networksForRun(stack, proxies, options),
    ...section('configs', stack, (object, key) => external(object, key, options.stackName)),
    ...section('secrets', stack, (object, key) => external(object, key, options.stackName)),
  };
  checkNames(prepared, options.stackName);
  return {
    stack: prepared,
    files: [...configs, ...secrets],
    externalSecrets: Object.entries(stack.secrets ?? {})
      .filter(([, secret]) => secret?.external === true)
      .map(([key, secret]) => ({ key, name: objectName(options.stackName, key, secret) })),
    dropped: droppedPaths(stack, options),
  };
}

/** The first version of the client's schema that has limits of processes; a later one stays. */
function schemaVersion(version: string | undefined): string {
  const [major, minor = '0'] = (version ?? '3').split('.');
  return major === '3' && Number(minor) > 9 ? `3.${minor}` : '3.9';
}

function serviceForRun(
  name: string,
  { ports, env_file: _inlined, ...service }: Service,
  proxies: ReadonlySet<string>,
  options: ForRunOptions,
): Service {
  const { stackName, ref, commitLabel, network } = options;
  const labels: Record<string, string> = { ...service.deploy?.labels };
  // Traefik is told by name which network to take, and must not look for one that the service is not on.
  for (const key of ['traefik.docker.network', 'traefik.swarm.network']) {
    if (labels[key] !== undefined && (labels[key] === 'proxy' || proxies.has(labels[key])))
      labels[key] = network;
    if (options.isProxied === true && isTrue(labels['traefik.enable'])) labels[key] ??= network;
  }
  if (name === 'app') {
    labels[`coop-cloud.${stackName}.chaos`] = 'true';
    labels[`coop-cloud.${stackName}.chaos-version`] = commitLabel;
  }
  return {
    ...service,
    ...(ports !== undefined && options.keepPorts === true ? { ports } : {}),
    ...(name === 'app' && options.env !== undefined
      ? { environment: { ...options.env, ...service.environment } }
      : {}),
    deploy: { ...service.deploy, labels: { ...labels, ...ownLabels(options), 'ccci.ref': ref } },
  };
}

function ownLabels({ owner, run }: ForRunOptions): Labels {
  return { 'ccci.owner': owner, 'ccci.run': run };
}

function owned<T extends StackObject>(object: T, options: ForRunOptions): T {
  return { ...object, labels: { ...object.labels, ...ownLabels(options) } };
}

function proxyKeys(stack: Stack): ReadonlySet<string> {
  return new Set(
    Object.entries(stack.networks ?? {})
      .filter(([key, network]) => network?.external === true && (network.name ?? key) === 'proxy')
      .map(([key]) => key),
  );
}

/** A service without networks gets the stack's `default`, which is named here so that it carries our labels too. */
function networksForRun(
  stack: Stack,
  proxies: ReadonlySet<string>,
  options: ForRunOptions,
): Stack['networks'] {
  const needsDefault = services(stack).some(([, { networks }]) => Object.keys(networks ?? {}).length === 0);
  const networks: StackObjects = { ...(needsDefault ? { default: {} } : {}), ...stack.networks };
  return mapValues(networks, (network, key) => {
    if (proxies.has(key)) return { external: true, name: options.network };
    return network?.external === true ? network : owned(network ?? {}, options);
  });
}

function filesOf(kind: 'config' | 'secret', objects: Stack['configs'], stackName: string): StackFile[] {
  return Object.entries(objects ?? {}).flatMap(([key, object]) => {
    if (object?.file === undefined) return [];
    const name = objectName(stackName, key, object);
    const templating = object.template_driver ?? null;
    return [{ kind, key, name, file: object.file, templating, labels: object.labels ?? {} }];
  });
}

function external(object: StackObject, key: string, stackName: string): StackObject {
  return { external: true, name: objectName(stackName, key, object) };
}

function section(
  kind: 'volumes' | 'configs' | 'secrets',
  stack: Stack,
  change: (object: StackObject, key: string) => StackObject,
): Partial<Stack> {
  const objects = stack[kind];
  return objects === undefined
    ? {}
    : { [kind]: mapValues(objects, (object, key) => change(object ?? {}, key)) };
}

function checkNames(stack: Stack, stackName: string): void {
  for (const [name] of services(stack)) checkServiceName(`${stackName}_${name}`);
  for (const [key, network] of Object.entries(stack.networks ?? {})) {
    checkServiceName(objectName(stackName, key, network));
  }
  for (const objects of [stack.configs, stack.secrets]) {
    for (const [key, object] of Object.entries(objects ?? {}))
      checkObjectName(objectName(stackName, key, object));
  }
}

function droppedPaths(stack: Stack, { keepPorts = false }: ForRunOptions): string[] {
  if (keepPorts) return [];
  return services(stack)
    .filter(([, { ports = [] }]) => ports.length > 0)
    .map(([name]) => `service.${name}.ports`);
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A, key: string) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
