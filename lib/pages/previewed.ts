import type { RunView } from './view.ts';

/** Whether something waits, and what can be told before it runs is known. */
export function isPreviewed({ preview, started, stages, results, drop }: RunView): boolean {
  return preview !== null && started === null && stages.length === 0 && results === null && drop === null;
}

/** Of what waits, plan, stages and changes as they were found then; all else tells that itself. */
export function previewed(view: RunView): RunView {
  const { preview } = view;
  if (preview === null || !isPreviewed(view)) return view;
  const stages = preview.stages.map(({ name, status, summary, ms, tests }) => {
    return { name, status, summary, ms, tests, lastLines: [] };
  });
  return { ...view, plan: preview.plan, changes: preview.changes ?? null, stages };
}
