import { stageWords } from '../results/stage-words.ts';
import type { CommentSettings } from './comment.ts';
import { stageTable } from './comment-outcome.ts';
import { code, plain } from './escape-markdown.ts';
import { queueWords } from './queue-words.ts';
import { runAddress } from './status.ts';
import { commitOf, type RunView, recipeOf } from './view.ts';

/** How far a run has come; edited in place until the outcome is a comment of its own. */
export function progressSections(view: RunView, { url }: CommentSettings): string[] {
  const page = url === undefined || view.started === null ? [] : [`[page](${runAddress(url, view.run)})`];
  const facts = [`Commit ${code(commitOf(view))}`, `run ${code(view.run)}`, ...page];
  return [`⏳ **${plain(recipeOf(view))}** ${state(view)}.`, stageTable(view), facts.join(' · ')];
}

function state(view: RunView): string {
  const running = view.stages.findLast((stage) => stage.status === 'running');
  if (running !== undefined) return `is being tested: ${stageWords(running.name)} is running`;
  if (view.started !== null || view.stages.length > 0) return 'is being tested';
  return view.queued === null
    ? 'was heard and will be tested'
    : `waits to be tested, ${queueWords(view.queued)}`;
}
