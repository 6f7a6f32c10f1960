import type { Defect, DefectKind } from './judge.ts';
import type { ServiceView } from './service-view.ts';

/** How Swarm ended an update, and what the previous version does; null for what is no such end. Pure. */
export function updateWords({ kind, view, failed }: Defect, why: string): string | null {
  const end = ends[kind];
  if (end === undefined) return null;
  const count = Math.max(1, failed.length);
  const tasks = `${count} failed ${count === 1 ? 'task' : 'tasks'} (${why})`;
  return `Swarm ${end.did} the update of ${view.name} after ${tasks}${end.further}; ${previousVersion(view, end.serves)}`;
}

/** What the previous version does while an update does not get through, with its `; `; empty where there is none. Pure. */
export function meanwhile(view: ServiceView): string {
  return view.isUpdate ? `; ${previousVersion(view, 'keeps serving')}` : '';
}

const ends: Partial<
  Record<DefectKind, { readonly did: string; readonly further: string; readonly serves: string }>
> = {
  paused: { did: 'paused', further: '', serves: 'keeps serving' },
  'rolled-back': { did: 'rolled back', further: '', serves: 'serves again' },
  'rollback-paused': {
    did: 'rolled back',
    further: ', and the rollback failed too',
    serves: 'keeps serving',
  },
};

/** Only what is true: with one replica and `stop-first` the old task is gone before the new one fails. */
function previousVersion(view: ServiceView, serves: string): string {
  const serving = view.update.startsWith('rollback') ? view.running : view.otherRunning;
  if (serving.length > 0) return `the previous version ${serves}`;
  // After a rollback it may still be on its way up.
  return `no task of the previous version runs${view.update === 'rollback_completed' ? ' yet' : ''}`;
}
