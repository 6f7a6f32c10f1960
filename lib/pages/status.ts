import { visible } from '../program/visible.ts';
import type { Verdict } from '../records/common.ts';
import type { Trigger } from '../records/trigger.ts';
import { commitOf, type RunView } from './view.ts';
import { headline, levelWords, shorten } from './words.ts';

/** A commit status as it is to be; `target_url` is absent where pages have no public address. */
export type CommitStatus = {
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly context: string;
  readonly description: string;
  readonly target_url?: string;
};

export type StatusSettings = {
  /** `ccci/testme`. */
  readonly context: string;
  /** Public address of the pages. */
  readonly url?: string | undefined;
};

/** Never `warning` or `skipped`: Gitea lets a required check pass on them (stages.md, Verdict). */
const states: Readonly<Record<Verdict, CommitStatus['state']>> = {
  green: 'success',
  red: 'failure',
  incomplete: 'error',
  infra: 'error',
  cancelled: 'error',
  superseded: 'error',
  interrupted: 'error',
};

/** The status of a commit while and after it is tested: pending at once, then the verdict (L06, L07). */
export function commitStatus(view: RunView, settings: StatusSettings): CommitStatus {
  const { results, drop } = view;
  const context = statusContext(view.trigger, settings.context);
  const target = settings.url === undefined ? {} : { target_url: runAddress(settings.url, view.run) };
  if (results !== null) {
    const description = describe(results);
    return { state: states[results.verdict], context, description, ...target };
  }
  if (drop !== null) return { state: 'error', context, description: oneLine(`not run: ${drop.detail}`) };
  return {
    state: 'pending',
    context,
    description: oneLine(`${commitOf(view)} was heard and will be tested`),
    ...target,
  };
}

/** A partial run leaves the status of full runs alone: it has its own, `ccci/partial`. */
export function statusContext(trigger: Pick<Trigger, 'options'> | null, context: string): string {
  const isPartial = trigger?.options.quick === true || trigger?.options.stages !== undefined;
  return isPartial ? `${context.slice(0, context.lastIndexOf('/') + 1)}partial` : context;
}

/** Public address of a run's page. */
export function runAddress(url: string, run: string): string {
  return `${url.replace(/\/+$/, '')}/runs/${encodeURIComponent(run)}/`;
}

function describe(results: NonNullable<RunView['results']>): string {
  if (results.verdict === 'green') return oneLine(levelWords(results));
  if (results.verdict !== 'red') return oneLine(headline(results));
  const failed = results.stages.filter((stage) => stage.status === 'fail' && stage.summary !== null);
  const why = failed.length === 1 ? `: ${failed[0]?.summary}` : '';
  const level = results.level === null ? '' : `level ${results.level}: `;
  return oneLine(`${level}${results.reason}${why}`);
}

function oneLine(text: string): string {
  return shorten(visible(text.replace(/\s+/g, ' ').trim()), 140);
}
