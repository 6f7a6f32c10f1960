import { isMap, type Service } from './compose.ts';
import { type Finding, type PolicyContext, unknownKeys } from './policy-finding.ts';
import { judgeHosts } from './policy-hosts.ts';
import { judgeImage } from './policy-image.ts';
import { judgeLabels } from './policy-labels.ts';
import { judgeMount } from './policy-mounts.ts';

/** Keys whose value needs no look: they stay within the container, or Swarm ignores them. */
const harmless = [
  'build',
  'cap_drop',
  'command',
  'container_name',
  'depends_on',
  'domainname',
  'entrypoint',
  'environment',
  'expose',
  'healthcheck',
  'hostname',
  'init',
  'links',
  'read_only',
  'restart',
  'shm_size',
  'stdin_open',
  'stop_grace_period',
  'stop_signal',
  'tmpfs',
  'tty',
  'user',
  'working_dir',
];
/** Keys that have a judgement of their own below. */
const judged = [
  'configs',
  'deploy',
  'env_file',
  'extra_hosts',
  'image',
  'labels',
  'logging',
  'networks',
  'ports',
  'secrets',
  'ulimits',
  'volumes',
];

/** Limits that bound one process; the others raise its priority over everybody else's, or fill the kernel. */
const ulimits = ['as', 'core', 'cpu', 'data', 'fsize', 'memlock', 'nofile', 'nproc', 'rss', 'stack'];
/** The most tasks of one service: each has a process and an address in the run's network. */
const mostReplicas = 20;

const host = 'it gives the container rights over the host';
const reasons: Readonly<Record<string, string>> = {
  privileged: host,
  cap_add: host,
  devices: host,
  sysctls: 'it sets parameters of the kernel',
  security_opt: 'it weakens the confinement of the container',
  pid: 'it shares processes with the host or others',
  ipc: 'it shares memory with the host or others',
  userns_mode: 'it gives up the separation of users',
  cgroup_parent: 'it leaves the limits that the run has',
  cgroupns_mode: 'it leaves the limits that the run has',
  network_mode: 'it shares the network of the host or others',
  credential_spec: 'it uses credentials of the host',
};

/** A service: an allow list of its keys, and a judgement for those that can reach beyond the container. */
export function* judgeService(name: string, service: Service, context: PolicyContext): Generator<Finding> {
  const path = `service.${name}`;
  // Written out or not, these change nothing.
  const { privileged, ...rest } = service;
  yield* unknownKeys(path, privileged === false ? rest : service, [...harmless, ...judged], reasons);
  yield* judgeImage(`${path}.image`, service.image);
  yield* unknownKeys(`${path}.ulimits`, service.ulimits, ulimits, {});
  yield* judgeDeploy(`${path}.deploy`, service.deploy, context);
  yield* judgeLabels(`${path}.labels`, service.labels, context);
  yield* judgeLogging(`${path}.logging`, service.logging);
  for (const mount of service.volumes ?? []) yield* judgeMount(`${path}.volumes`, mount);
  for (const [network, options] of Object.entries(service.networks ?? {})) {
    yield* unknownKeys(`${path}.networks.${network}`, options, ['aliases'], {});
  }
  for (const kind of ['configs', 'secrets'] as const) {
    for (const use of service[kind] ?? []) {
      yield* unknownKeys(`${path}.${kind}.${use.source}`, use, ['source', 'target', 'uid', 'gid', 'mode']);
    }
  }
  if ((service.ports ?? []).length > 0) {
    yield {
      path: `${path}.ports`,
      value: service.ports,
      rule: 'published ports are open on every node and meet those of other runs',
    };
  }
  yield* judgeHosts(`${path}.extra_hosts`, service.extra_hosts);
  yield* judgeEnvFiles(`${path}.env_file`, service.env_file);
}

function* judgeDeploy(path: string, deploy: Service['deploy'], context: PolicyContext): Generator<Finding> {
  const known = [
    'endpoint_mode',
    'labels',
    'mode',
    'replicas',
    'resources',
    'restart_policy',
    'rollback_config',
    'update_config',
  ];
  yield* unknownKeys(path, deploy, known, { placement: 'where tasks run is decided by the operator' });
  if ((deploy?.replicas ?? 0) > mostReplicas) {
    yield {
      path: `${path}.replicas`,
      value: deploy?.replicas,
      rule: `more than ${mostReplicas} tasks of a service`,
    };
  }
  const resources = deploy?.resources;
  yield* unknownKeys(`${path}.resources`, resources, ['limits', 'reservations']);
  if (isMap(resources)) {
    yield* unknownKeys(`${path}.resources.limits`, resources.limits, ['cpus', 'memory', 'pids']);
    yield* unknownKeys(`${path}.resources.reservations`, resources.reservations, ['cpus', 'memory'], {
      generic_resources: 'it asks for devices of the host',
    });
  }
  yield* judgeLabels(`${path}.labels`, deploy?.labels, context);
}

/** A log driver that sends lines away would also take them from the run's own logs. */
function* judgeLogging(path: string, logging: unknown): Generator<Finding> {
  yield* unknownKeys(path, logging, ['driver', 'options']);
  if (!isMap(logging)) return;
  const { driver } = logging;
  if (driver !== undefined && driver !== 'json-file' && driver !== 'local') {
    yield {
      path: `${path}.driver`,
      value: driver,
      rule: 'only the log drivers json-file and local are permitted',
    };
  }
  const known = ['max-size', 'max-file', 'compress', 'mode', 'max-buffer-size', 'tag', 'labels', 'env'];
  yield* unknownKeys(`${path}.options`, logging.options, known);
}

/** Rendering has read them already, with the rights of our own program. */
function* judgeEnvFiles(path: string, files: unknown): Generator<Finding> {
  const list = Array.isArray(files) ? files : files === undefined ? [] : [files];
  for (const file of list) {
    if (typeof file === 'string' && !file.startsWith('/') && !file.split('/').includes('..')) continue;
    yield { path: `${path}.${String(file)}`, value: file, rule: 'the file lies outside the checkout' };
  }
}
