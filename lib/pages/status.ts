import { visible } from '../program/visible.ts';
import type { Verdict } from '../records/common.ts';
import type { Trigger } from '../records/trigger.ts';
import { queueWords } from './queue-words.ts';
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

/**
 * The status of a commit while and after it is tested: pending at once, then the verdict (L06, L07). `isClaimed`: a
 * stage has it, even if no record says so yet.
 */
export function commitStatus(view: RunView, settings: StatusSettings, isClaimed = false): CommitStatus {
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
    // As it was accepted: the same words whether or not the run has said anything yet.
    description: oneLine(
      `${view.trigger?.ref.slice(0, 12) ?? commitOf(view)} ${progressWords(view, isClaimed)}`,
    ),
    ...target,
  };
}

/** The end of a status that nobody remembers the run of (triggers.md, What is history; L16). */
export function interruptedStatus(context: string, word: string): CommitStatus {
  const description = `interrupted: ccci lost its memory; comment ${word} to test again`;
  return { state: 'error', context, description: oneLine(description) };
}

/** A partial run leaves the status of full runs alone: it has its own, `ccci/partial`. */
export function statusContext(trigger: Pick<Trigger, 'options'> | null, context: string): string {
  const isPartial = trigger?.options.quick === true || trigger?.options.stages !== undefined;
  return isPartial ? partialContext(context) : context;
}

/** `ccci/partial` beside `ccci/testme`. */
export function partialContext(context: string): string {
  return `${context.slice(0, context.lastIndexOf('/') + 1)}partial`;
}

/** Public address of a run's page. */
export function runAddress(url: string, run: string): string {
  return `${url.replace(/\/+$/, '')}/runs/${encodeURIComponent(run)}/`;
}

/** How far a trigger has come, for a status and for those who read no more than that. */
function progressWords({ started, stages, queued }: RunView, isClaimed: boolean): string {
  if (isClaimed || started !== null || stages.length > 0) return 'is being tested';
  return queued === null ? 'was heard and will be tested' : `waits, ${queueWords(queued)}`;
}

function describe(results: NonNullable<RunView['results']>): string {
  if (results.verdict === 'green' && results.scope === 'full') return oneLine(levelWords(results));
  if (results.verdict !== 'red') return oneLine(headline(results));
  const failed = results.stages.filter((stage) => stage.status === 'fail' && stage.summary !== null);
  const why = failed.length === 1 ? `: ${failed[0]?.summary}` : '';
  const level = results.level === null ? '' : `level ${results.level}: `;
  return oneLine(`${level}${results.reason}${why}`);
}

function oneLine(text: string): string {
  return shorten(visible(text.replace(/\s+/g, ' ').trim()), 140);
}
