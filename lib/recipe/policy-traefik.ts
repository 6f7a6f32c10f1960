import type { Finding, PolicyContext } from './policy-finding.ts';
import { isConfined, isConfinedHost } from './traefik-rule.ts';

type Labels = Readonly<Record<string, unknown>>;

/** Settings of a router that need no look; those that do are judged below. */
const routerSettings =
  /^(entrypoints|priority|middlewares|rulesyntax|observability\..+|tls(\.(certresolver|options|passthrough))?)$/i;
/** Of a service: how its own tasks are balanced. */
const serviceSettings =
  /^loadbalancer\.(server\.(port|scheme|weight)|passhostheader|serverstransport|strategy|terminationdelay|(sticky|healthcheck|responseforwarding|proxyprotocol)(\..+)?)$/i;
/** Of a middleware: those that ask nobody, read no file and run no code of others. */
const middlewareTypes =
  /^(addprefix|basicauth|buffering|chain|circuitbreaker|compress|contenttype|digestauth|grpcweb|headers|inflightconn|inflightreq|ipallowlist|ipwhitelist|passtlsclientcert|ratelimit|redirectregex|redirectscheme|replacepath|replacepathregex|retry|stripprefix|stripprefixregex)(\.|$)/i;

/**
 * Labels that Traefik reads: an allow list, since it merges those of all stacks. A recipe may route the run's domain to
 * its own tasks, under names that begin with its stack's; it may use middlewares of others, but not define them.
 * Source: security.md; https://doc.traefik.io/traefik/routing/providers/swarm/
 */
export function* judgeTraefik(path: string, labels: Labels, context: PolicyContext): Generator<Finding> {
  for (const [key, value] of Object.entries(labels)) {
    if (!/^traefik\./i.test(key)) continue;
    const rule = ruleAgainst(key, String(value), labels, context);
    if (rule !== null) yield { path: `${path}.${key}`, value, rule };
  }
}

function ruleAgainst(key: string, value: string, labels: Labels, context: PolicyContext): string | null {
  if (/@internal\b/i.test(value)) return "Traefik's own services (dashboard, API) are not for recipes";
  if (/^traefik\.(enable|constraint-label|(docker|swarm)\.lbswarm)$/i.test(key)) return null;
  if (/^traefik\.(docker|swarm)\.network$/i.test(key)) {
    return value === 'proxy' || value === context.network ? null : 'only the network proxy is routed';
  }
  const [, kind = '', name = '', setting = ''] =
    /^traefik\.(?:http|tcp|udp)\.(routers|services|middlewares)\.([^.]+)(?:\.(.+))?$/i.exec(key) ?? [];
  if (kind === '') return "this label of Traefik's is not on the list of the harmless";
  const judge = { routers: judgeRouter, services: judgeService, middlewares: judgeMiddleware }[
    kind.toLowerCase()
  ];
  return judge?.({ key, setting, value, labels, context }) ?? judgeName(kind, name, context);
}

/** Two stacks that define the same name make Traefik drop both. */
function judgeName(kind: string, name: string, { stackName }: PolicyContext): string | null {
  if (isOwn(name, stackName)) return null;
  return `the name of a ${kind.toLowerCase().slice(0, -1)} must begin with "${stackName}" (\${STACK_NAME}): Traefik knows it by that name alone, and another stack may have it`;
}

type Setting = {
  readonly key: string;
  readonly setting: string;
  readonly value: string;
  readonly labels: Labels;
  readonly context: PolicyContext;
};

function judgeRouter({ key, setting, value, labels, context }: Setting): string | null {
  const { domain, stackName } = context;
  if (/^rule$/i.test(setting)) {
    if (domain === undefined || isConfined(value, domain) || isPlainTcp(key, value, labels)) return null;
    return `the rule must match nothing but ${domain} and what is below it`;
  }
  if (/^service$/i.test(setting)) return isOwnReference(value, stackName) ? null : onlyItself;
  if (/^tls\.domains\[\d+\]\.(main|sans)$/i.test(setting)) {
    const isOurs = value
      .split(',')
      .every((host) => domain === undefined || isConfinedHost(host.trim(), domain));
    return isOurs
      ? null
      : `certificates may be asked for ${domain} and what is below it, and for nothing else`;
  }
  return routerSettings.test(setting) ? null : notListed('router');
}

function judgeService({ setting }: Setting): string | null {
  return serviceSettings.test(setting) ? null : onlyItself;
}

function judgeMiddleware({ setting, value, context }: Setting): string | null {
  const { domain, stackName } = context;
  if (/^forwardauth\./i.test(setting)) {
    if (/^forwardauth\.tls\./i.test(setting)) return 'files of the proxy are not for recipes';
    if (!/\.address$/i.test(setting)) return null;
    const host = /^https?:\/\/([^/:?#@]+)(?::\d+)?(?:[/?#]|$)/i.exec(value)?.[1]?.toLowerCase() ?? '';
    const isOurs = host.startsWith(`${stackName}_`) || (domain !== undefined && isConfinedHost(host, domain));
    return isOurs
      ? null
      : 'the proxy may ask only services of this stack, by their full name (${STACK_NAME}_app)';
  }
  if (/^errors\.service$/i.test(setting)) return isOwnReference(value, stackName) ? null : onlyItself;
  if (/^errors\.(status|query|statusrewrites\..+)/i.test(setting)) return null;
  if (/usersfile$|redis/i.test(setting)) return 'files and databases of the proxy are not for recipes';
  return middlewareTypes.test(setting) ? null : notListed('middleware');
}

const onlyItself = 'Traefik may only route to the service itself';

function notListed(what: string): string {
  return `this setting of a ${what} is not on the list of the harmless`;
}

/** The client interpolates no keys: labels written as a map keep `${STACK_NAME}` as it is, and meet only their like. */
function isOwn(name: string, stackName: string): boolean {
  return name.toLowerCase().startsWith(stackName.toLowerCase()) || name.startsWith('${STACK_NAME}');
}

/** A name without provider, or of the provider that reads these labels. */
function isOwnReference(reference: string, stackName: string): boolean {
  const [name = '', provider = 'swarm', ...more] = reference.trim().split('@');
  return more.length === 0 && /^(docker|swarm)$/i.test(provider) && isOwn(name, stackName);
}

/** A TCP router without TLS has no other choice than ``HostSNI(`*`)``; harmless on an entry point that is not the web's. */
function isPlainTcp(key: string, value: string, labels: Labels): boolean {
  if (!/^traefik\.tcp\./i.test(key) || !/^HostSNI\(\s*[`'"]\*[`'"]\s*\)$/i.test(value.trim())) return false;
  const entryPoints = String(labels[key.replace(/\.rule$/i, '.entrypoints')] ?? '');
  const names = entryPoints.split(',').map((name) => name.trim());
  return names.every((name) => name !== '' && !/^(web|websecure|web-secure|http|https|traefik)$/i.test(name));
}
