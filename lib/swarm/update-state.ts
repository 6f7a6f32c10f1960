import type { ServiceBefore } from './deploy.ts';
import type { EngineService } from './shapes.ts';

/**
 * How far the update that *this call* started has come; `none` where it started none (a new service, a change of
 * labels only, or all tasks already as wanted). An older update's state is never looked at (L31, L32).
 */
export type UpdateState =
  | 'none'
  | 'updating'
  | 'completed'
  | 'paused'
  | 'rollback_started'
  | 'rollback_completed'
  | 'rollback_paused';

/** Reads a service's update state as of this call. `startedAt`: the engine's clock at the call, in milliseconds. Pure. */
export function updateOf(
  service: EngineService,
  before: ServiceBefore | undefined,
  startedAt: number,
): UpdateState {
  const status = service.UpdateStatus;
  if (!status?.State || !status.StartedAt) return 'none';
  if (before === undefined || status.StartedAt === before.updateStartedAt) return 'none';
  if (Date.parse(status.StartedAt) < Math.floor(startedAt)) return 'none';
  return status.State as UpdateState;
}
