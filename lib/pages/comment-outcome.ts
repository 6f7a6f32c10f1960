import type { Verdict } from '../records/common.ts';
import type { ResultStage, Results } from '../records/results.ts';
import type { RunFinished } from '../records/run-finished.ts';
import { stageWords } from '../results/stage-words.ts';
import { block, code, plain } from './escape-markdown.ts';
import { notRun } from './not-run.ts';
import { stageRows } from './stage-rows.ts';
import { runAddress } from './status.ts';
import type { RunView } from './view.ts';
import { duration, headline, levelWords, uncommitted } from './words.ts';

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
    `${signs[results.verdict]} **${plain(headline(results))}.** ${capital(levelWords(results))}.`,
    headNow(results),
    stageTable(view),
    ...results.stages
      .filter((stage) => stage.status === 'fail')
      .map((stage) => failure(stage, view, settings.lines)),
    missing(results),
    operator(results.operator),
    housekeeping(results.flags),
    footer(view, results, settings),
  ];
}

/** The table of stages, each with its time; shared with the progress. */
export function stageTable(view: RunView): string {
  const rows = stageRows(view).map(({ name, sign, words, ms }) => {
    const time = ms === null ? '' : duration(ms);
    return `| ${stageWords(name)} | ${sign} ${words} | ${time} |`;
  });
  return rows.length === 0 ? '' : ['| stage | result | time |', '|---|---|---:|', ...rows].join('\n');
}

function failure(stage: ResultStage, view: RunView, limit: number): string {
  const name = stageWords(stage.name);
  const parts = [
    `**${capital(name)} failed**: ${plain(stage.summary ?? 'no reason was given')}`,
    failedTests(stage),
  ];
  const lines = view.stages.findLast((one) => one.name === stage.name)?.lastLines ?? [];
  if (lines.length > 0 && limit > 0) {
    parts.push(
      `<details><summary>Last log lines of ${name}</summary>`,
      block(lines.slice(-limit)),
      '</details>',
    );
  }
  return parts.filter((part) => part !== '').join('\n\n');
}

function failedTests({ tests }: ResultStage): string {
  const failed = tests.filter((test) => test.status === 'fail');
  const shown = failed.slice(0, 10).map((test) => {
    const first = (test.message ?? '').split('\n').find((line) => line.trim() !== '') ?? '';
    const where = test.file === null ? '' : `${code(test.file)}: `;
    return `- ${where}${plain(test.name)}${first === '' ? '' : `: ${plain(first)}`}`;
  });
  const more = failed.length - shown.length;
  return [...shown, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n');
}

function missing(results: Results): string {
  const lines = notRun(results).map(({ names, what, reason }) => {
    return `- ${capital(plain(names))}, ${what}${reason === '' ? '' : `: ${plain(reason)}`}`;
  });
  return lines.join('\n');
}

function operator(todo: readonly string[]): string {
  if (todo.length === 0) return '';
  const shown = todo.slice(0, 30).map((line) => `- ${plain(line)}`);
  const more = todo.length - shown.length;
  return [
    '**To upgrade, an operator must see to:**',
    ...shown,
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
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

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
