import type { Verdict } from '../records/common.ts';
import type { Results } from '../records/results.ts';
import type { RunFinished } from '../records/run-finished.ts';
import { climbWords } from './climb.ts';
import { changesFolded } from './comment-changes.ts';
import { pictureLines } from './comment-pictures.ts';
import { failure, stageTable } from './comment-stages.ts';
import { block, code, plain } from './escape-markdown.ts';
import { isLeftOut, notRun } from './not-run.ts';
import { reproduceLine } from './reproduce.ts';
import { runAddress } from './status.ts';
import type { RunView } from './view.ts';
import { capital, duration, headline, isAboutRecipe, levelWords, uncommitted } from './words.ts';

export type OutcomeSettings = {
  readonly word: string;
  readonly url?: string | undefined;
  /** Log lines that are shown of a failed stage. */
  readonly lines: number;
};

const signs: Readonly<Record<Verdict, string>> = {
  green: '✅',
  red: '❌',
  incomplete: '⚠️',
  infra: '⚠️',
  cancelled: '⏹️',
  superseded: '⏹️',
  interrupted: '⏹️',
};

/** The outcome of a run: the verdict in one sentence first, then what stands behind it. */
export function outcomeSections(view: RunView, results: RunFinished, settings: OutcomeSettings): string[] {
  return [
    heading(results),
    headNow(results),
    stageTable(view),
    ...results.stages
      .filter((stage) => stage.status === 'fail')
      .map((stage) => failure(stage, view, settings.lines)),
    missing(results),
    mender(results),
    changesFolded(view.changes),
    operator(results),
    housekeeping(results.flags),
    next(results),
    footer(view, results, settings),
    reproduce(view, results),
    pictureLines(view, results, settings.url),
  ];
}

/** Of an end from outside, and of infrastructure, a level would say nothing. */
function heading(results: RunFinished): string {
  const sentence = `${signs[results.verdict]} **${plain(headline({ ...results, reason: shortReason(results) }))}.**`;
  return isAboutRecipe(results.verdict) ? `${sentence} ${capital(levelWords(results))}.` : sentence;
}

/** A reason that has its place further down is not told in the heading too. */
function shortReason({ reason, stages, skips }: Results): string {
  const below = [
    ...stages.flatMap(({ status, summary }) => (status === 'fail' && summary !== null ? [summary] : [])),
    ...skips.unintentional.map((one) => one.reason),
  ];
  const told = below.find((one) => one !== '' && reason.endsWith(`: ${one}`));
  return told === undefined ? reason : reason.slice(0, -`: ${told}`.length);
}

/** What was cut short is told by the heading, what nobody asked for by the table: here is what is missing besides. */
function missing(results: Results): string {
  const isRefused = results.stages.some(({ cause }) => cause === 'policy');
  if (!isAboutRecipe(results.verdict) || isRefused) return '';
  const besides = notRun(results).filter(({ reason }) => !isLeftOut(reason));
  const lines = besides.map(({ names, what, reason }) => {
    return `- ${capital(plain(names))}, ${what}${reason === '' ? '' : `: ${plain(reason)}`}`;
  });
  return lines.join('\n');
}

/** Of what kept a run from a judgement, who can mend it; a refusal says so itself. */
function mender({ verdict, stages }: Results): string {
  if (verdict !== 'incomplete') return '';
  const missed = (name: string) => stages.some((one) => one.name === name && one.status !== 'pass');
  if (missed('needs')) return 'A recipe that this one needs is not ready: its maintainers can mend that.';
  const isOurs = stages.some(({ name, status }) => name === 'checkout' && status === 'unver');
  return isOurs ? "That is in the operator's tree of tests: the operator of this ccci can mend it." : '';
}

/** That a volume stays behind is told by what changes, where that is known. */
function operator({ operator: todo, changes }: Results): string {
  const told = changes === undefined ? [] : lost(changes);
  const left = todo.filter((line) => !told.some((name) => line.endsWith(`its data stays: ${name}`)));
  if (left.length === 0) return '';
  const shown = left.slice(0, 30).map((line) => `- ${plain(line)}`);
  const more = left.length - shown.length;
  return [
    '**To upgrade, an operator must see to:**',
    ...shown,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}

function lost({ volumes }: NonNullable<Results['changes']>): string[] {
  return [...volumes.dropped, ...volumes.renamed.map(({ from }) => from)];
}

/** What went wrong on our side; it never changes the verdict. */
function housekeeping(flags: Results['flags']): string {
  const said = [
    ...(flags.clean_teardown
      ? []
      : ['The clean-up after this run left something behind. That is ours to mend.']),
    ...(flags.no_secret_leak === false
      ? ['A secret of this run showed up in its output; what held it is withheld.']
      : []),
  ];
  return said.join(' ');
}

/** A push alone ends no run: then it is said for which commit the answer is (triggers.md, step 14). */
function headNow({ ref, head_now: head }: RunFinished): string {
  const commit = ref.replace(/\+U$/, '');
  if (head == null || commit === '' || head.startsWith(commit)) return '';
  return `This is for ${code(commit.slice(0, 7))}; the head of the pull request is ${code(head.slice(0, 7))} now.`;
}

/** The one next thing for a higher level. */
function next(results: Results): string {
  const words = climbWords(results);
  return words === null ? '' : `${plain(words)}.`;
}

function footer(view: RunView, results: Results, { url, word }: OutcomeSettings): string {
  const page = url === undefined ? [] : [`[page with logs](${runAddress(url, view.run)})`];
  const facts = [
    `commit ${code(results.ref)}${uncommitted(results.ref)}`,
    ...(results.base === null ? [] : [`upgrade from ${code(results.base)}`]),
    `run ${code(results.run_id)}`,
    duration((results.finished - results.started) * 1000),
    ...page,
  ];
  return `${capital(facts.join(' · '))}\n\nTo run it again, comment ${code(word)}.`;
}

/** What is broken can be looked at by whoever has to mend it. */
function reproduce(view: RunView, { verdict }: Results): string {
  const line = verdict === 'red' ? reproduceLine(view) : null;
  return line === null ? '' : `To see it at home:\n\n${block([line], 2_000)}`;
}
