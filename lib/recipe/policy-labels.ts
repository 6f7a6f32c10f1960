import { type Finding, type PolicyContext, unknownKeys } from './policy-finding.ts';
import { isConfined } from './traefik-rule.ts';

/** Labels: none of ours or the engine's, and no Traefik rule or service that reaches beyond the run. */
export function* judgeLabels(path: string, labels: unknown, context: PolicyContext): Generator<Finding> {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    yield* unknownKeys(path, labels, []);
    return;
  }
  const all = labels as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(all)) {
    const rule =
      reserved(key) ?? (/^traefik\./i.test(key) ? judgeTraefik(key, String(value), all, context) : null);
    if (rule !== null) yield { path: `${path}.${key}`, value, rule };
  }
}

function reserved(key: string): string | null {
  if (/^ccci\./i.test(key)) return 'labels ccci.* say what a run owns and are given by ccci alone';
  if (/^com\.docker\./i.test(key)) return 'labels com.docker.* belong to the engine';
  return null;
}

function judgeTraefik(
  key: string,
  value: string,
  labels: Readonly<Record<string, unknown>>,
  { domain, network }: PolicyContext,
): string | null {
  if (/@internal\b/i.test(value)) return "Traefik's own services (dashboard, API) are not for recipes";
  if (/\.loadbalancer\.servers?(\[\d+\]|\.\d+)?\.url$/i.test(key))
    return 'Traefik may only route to the service itself';
  if (/^traefik\.(docker|swarm)\.network$/i.test(key)) {
    return value === 'proxy' || value === network ? null : 'only the network proxy is routed';
  }
  if (domain === undefined || !/\.routers\.[^.]+\.rule$/i.test(key)) return null;
  if (isConfined(value, domain) || isPlainTcp(key, value, labels)) return null;
  return `the rule must match nothing but ${domain} and what is below it`;
}

/** A TCP router without TLS has no other choice than ``HostSNI(`*`)``; harmless on an entry point that is not the web's. */
function isPlainTcp(key: string, value: string, labels: Readonly<Record<string, unknown>>): boolean {
  if (!/^traefik\.tcp\./i.test(key) || !/^HostSNI\(\s*[`'"]\*[`'"]\s*\)$/i.test(value.trim())) return false;
  const entryPoints = String(labels[key.replace(/\.rule$/i, '.entrypoints')] ?? '');
  const names = entryPoints.split(',').map((name) => name.trim());
  return names.every((name) => name !== '' && !/^(web|websecure|web-secure|http|https|traefik)$/i.test(name));
}
