import type { ResultStage } from '../records/results.ts';
import { stageWords } from '../results/stage-words.ts';
import type { CommentSettings } from './comment.ts';
import { changesList } from './comment-changes.ts';
import { failure, isRefusal, stageTable } from './comment-stages.ts';
import { code, plain } from './escape-markdown.ts';
import { isPreviewed, previewed } from './previewed.ts';
import { aboutWords, queueWords } from './queue-words.ts';
import { runAddress } from './status.ts';
import { commitOf, type RunView, recipeOf, type StageView } from './view.ts';

/** How far a run has come; edited in place until the outcome is a comment of its own. */
export function progressSections(view: RunView, { url }: CommentSettings): string[] {
  const page = url === undefined || view.started === null ? [] : [`[page](${runAddress(url, view.run)})`];
  const facts = [`Commit ${code(commitOf(view))}`, `run ${code(view.run)}`, ...page];
  const shown = previewed(view);
  return [
    `⏳ **${plain(recipeOf(view))}** ${state(view)}.${estimate(view)}`,
    isPreviewed(view) ? 'A first look while it waits; the run looks again, and decides.' : '',
    stageTable(shown),
    ...shown.stages.filter(({ status }) => status === 'fail').map((stage) => failure(soFar(stage), shown, 0)),
    changesList(shown.changes),
    facts.join(' · '),
  ];
}

function state(view: RunView): string {
  const running = view.stages.findLast((stage) => stage.status === 'running');
  if (running !== undefined) return `is being tested: ${stageWords(running.name)} is running`;
  if (view.started !== null || view.stages.length > 0) return 'is being tested';
  return view.queued === null
    ? 'was heard and will be tested'
    : `waits to be tested, ${queueWords(view.queued)}`;
}

/** Said at the start of the run, or while it waits, and by its own record: it does not count down. */
function estimate({ started, preview }: RunView): string {
  const ms = (started ?? preview)?.expectedMs;
  return ms === undefined ? '' : ` A whole run takes ${aboutWords(ms)}.`;
}

/** What is refused is told otherwise than what fails. */
function soFar({
  name,
  summary,
  tests,
}: StageView): Pick<ResultStage, 'name' | 'summary' | 'tests' | 'cause'> {
  return { name, summary, tests: [...tests], cause: isRefusal(summary) ? 'policy' : null };
}
