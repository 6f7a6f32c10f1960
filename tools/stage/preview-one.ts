import type { Preview } from '@ccci/lib/records/preview.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';
import type { WorkOptions } from './work.ts';

/**
 * Looks at a waiting trigger, where the machine has room for that. Its repositories are kept apart from those of runs: a
 * run that begins must neither wait for them nor find one that was cut off.
 */
export async function previewOne(
  trigger: Trigger,
  signal: AbortSignal,
  { stores, ...options }: Omit<WorkOptions, 'signal' | 'emit'>,
): Promise<Preview | null> {
  const { environment } = await options.ready();
  await options.checkRoom();
  const { work, git } = statePaths(options.state).previews;
  const own = stores === undefined ? {} : { stores: { ...stores, folder: git } };
  return options.preview(trigger, { ...options, ...own, environment, work, signal });
}
