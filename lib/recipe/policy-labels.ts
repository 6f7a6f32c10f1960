import { type Finding, type PolicyContext, unknownKeys } from './policy-finding.ts';
import { judgeTraefik } from './policy-traefik.ts';

/** Labels that say something about the app itself, for abra, the backup bot, Traefik and people who look. */
const known = /^(coop-cloud|backupbot|traefik|org\.opencontainers\.image|org\.label-schema)\./i;

/**
 * Labels: an allow list by prefix. A swarm has controllers that act on labels of any service (schedulers, watchers,
 * other proxies), some of them by running commands, so an unknown one is refused.
 */
export function* judgeLabels(path: string, labels: unknown, context: PolicyContext): Generator<Finding> {
  if (typeof labels !== 'object' || labels === null || Array.isArray(labels)) {
    yield* unknownKeys(path, labels, []);
    return;
  }
  const all = labels as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(all)) {
    const rule = refused(key);
    if (rule !== null) yield { path: `${path}.${key}`, value, rule };
  }
  yield* judgeTraefik(path, all, context);
}

function refused(key: string): string | null {
  if (/^ccci\./i.test(key)) return 'labels ccci.* say what a run owns and are given by ccci alone';
  if (/^com\.docker\./i.test(key)) return 'labels com.docker.* belong to the engine';
  return known.test(key) ? null : 'other programs on the swarm may act on this label';
}
