import { isSweep, orderOfWork, type Waiting } from '@ccci/lib/state/order.ts';
import { listPreviews } from '@ccci/lib/state/previews.ts';
import { listWork, type Work, type WorkCache } from '@ccci/lib/state/work.ts';

/** Of what waits so many get a preview: nobody looks at the others before they have come nearer. */
const most = 100;

/**
 * What waits and is to be looked at next: what somebody asked for on a pull request, in the order of work. Null where all
 * of it was looked at.
 */
export async function nextToPreview(
  state: string,
  { cache, isWanted }: { readonly cache: WorkCache; readonly isWanted: (file: string) => boolean },
): Promise<Waiting | null> {
  const asked = (await listWork(state, 'new', { cache })).filter(isAsked);
  if (asked.length === 0) return null;
  const done = new Set(await listPreviews(state));
  const first = orderOfWork(asked, { running: [] }).slice(0, most);
  return first.find(({ file }) => !done.has(file) && isWanted(file)) ?? null;
}

/** There is a comment on its pull request for what is found. */
function isAsked(work: Work): work is Waiting {
  const { record } = work;
  return record.type === 'trigger' && record.pr !== undefined && !isSweep(record);
}
