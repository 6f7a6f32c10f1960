import type { Evidence } from './evidence.ts';
import type { Defect } from './judge.ts';
import type { ServiceView } from './service-view.ts';
import { isOutOfMemory, isUnhealthy } from './why.ts';

/** What a recipe maintainer can do about failed tasks, a clause with its `; `; empty where the cause says it. Pure. */
export function adviceFor({ view, failed, all }: Defect, evidence: Evidence): string {
  const task = failed.at(-1);
  if (task === undefined) return '';
  if (isOutOfMemory(task, evidence)) return '; raise deploy.resources.limits.memory, or let it need less';
  if (isUnhealthy(task)) return `; ${widen}`;
  // Whoever is killed in its first start can leave data behind that no later start can use (L36).
  const first = all[0];
  if (first === undefined || !isUnhealthy(first)) return '';
  return `; its first task was killed as unhealthy while it still started (${healthTimes(view)}), which can leave data half made: ${widen}`;
}

const widen =
  'if it only needs longer, widen healthcheck.start_period in the recipe, or for CI alone in compose.ccci.yml';

/** How long the healthcheck lets a service start: too short a time corrupts databases in their first start (L36). */
export function healthTimes({ service, startPeriodMs }: ServiceView): string {
  const check = service.Spec.TaskTemplate.ContainerSpec?.Healthcheck;
  const tries = check?.Retries || 3;
  const every = (check?.Interval || 30e9) / 1e9;
  return `start_period ${startPeriodMs / 1000} s, then ${tries} ${tries === 1 ? 'try' : 'tries'} every ${every} s`;
}
