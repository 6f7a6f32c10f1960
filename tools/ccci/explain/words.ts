import { notRun } from '@ccci/lib/pages/not-run.ts';
import { block, line, oneLine, type Paint } from '@ccci/lib/pages/paint.ts';
import { reproduceLine } from '@ccci/lib/pages/reproduce.ts';
import { commitOf, type RunView, recipeOf } from '@ccci/lib/pages/view.ts';
import { headline, levelWords, shorten, uncommitted } from '@ccci/lib/pages/words.ts';
import type { Cause, Verdict } from '@ccci/lib/records/common.ts';
import type { ResultStage } from '@ccci/lib/records/results.ts';
import type { RunFinished } from '@ccci/lib/records/run-finished.ts';
import { stageWords } from '@ccci/lib/results/stage-words.ts';

/** What each verdict means, and whose turn it is. */
const meanings: Readonly<Record<Verdict, string>> = {
  green: 'The commit installs and serves, and all that was planned ran and passed.',
  red: 'Something that was tried on this commit failed, and it is the recipe that has to change.',
  incomplete: 'Nothing failed, but something that was planned could not be run, so there is no verdict.',
  infra: 'What failed was around the recipe (engine, registry, network, disk), not the recipe.',
  cancelled: 'A person ended the run; it says nothing about the commit.',
  superseded: 'A newer request for the same pull request took its place; look at that one.',
  interrupted: 'The machine or the program went away while it ran; it says nothing about the commit.',
};

const next: Readonly<Record<Verdict, string>> = {
  green: 'Nothing has to be done. Below level 5, the stages above say what is missing.',
  red: 'Change what the failed stage names, then run it again.',
  incomplete: 'See to what is named as not run: often a tool or a setting of the operator (ccci doctor).',
  infra: 'Run it again. If it happens again, the operator has to look at the machine (ccci doctor).',
  cancelled: 'Run it again when you want to know.',
  superseded: 'Nothing: the newer run has the answer.',
  interrupted: 'Run it again.',
};

const blame: Readonly<Record<Cause, string>> = {
  recipe: 'caused by the recipe',
  infra: 'caused by the machine or the network, not by the recipe',
  policy: 'refused by the policy of this ccci',
};

/** What the text is made with: lines are broken where a terminal of so many columns ends (0: nowhere). */
export type Pen = { readonly paints: Paint; readonly columns: number };

/** Why a run ended as it did, in plain words. Pure. */
export function explainRun(view: RunView, pen: Pen): string {
  const { paints, columns } = pen;
  const head = line(paints.bold(recipeOf(view)), `, commit ${commitOf(view)}${uncommitted(commitOf(view))}`);
  if (view.results === null) return head + unfinished(view, pen) + reproduce(view, pen);
  const { results } = view;
  const verdict = results.verdict.toUpperCase();
  const indent = verdict.length + 2;
  const say = (words: string) => block('  ', 2, words, columns);
  return [
    head,
    block(
      { ansi: `${paints.verdict(results.verdict, verdict).ansi}  ` },
      indent,
      `${headline(results)}.`,
      columns,
    ),
    say(meanings[results.verdict]),
    say(levelWords(results)),
    '\nWhat happened\n',
    ...results.stages.map((stage) => explainStage(stage, view, pen)),
    ...missing(results, pen),
    ...operator(results, pen),
    '\nWhat to do next\n',
    say(next[results.verdict]),
    reproduce(view, pen),
  ].join('');
}

function unfinished({ drop, stages }: RunView, { columns }: Pen): string {
  if (drop !== null) return block('', 0, `NOT RUN (${drop.reason}): ${drop.detail}`, columns);
  const at = stages.at(-1);
  const where = at === undefined ? 'nothing of it has begun' : `it was last seen at ${stageWords(at.name)}`;
  return block('', 0, `NO RESULT: the recording ends before the run does; ${where}.`, columns);
}

const signs = { pass: '✓', fail: '✗', skip: '–', unver: '?' } as const;
const did = { pass: 'passed', fail: 'failed', skip: 'does not apply', unver: 'was not run' } as const;

function explainStage(stage: ResultStage, view: RunView, pen: Pen): string {
  const { name, status, cause, summary, tests } = stage;
  const { paints, columns } = pen;
  const why = status === 'fail' && cause !== null ? `, ${blame[cause]}` : '';
  const head = line('  ', paints.status(status, `${signs[status]} ${stageWords(name)} ${did[status]}`), why);
  const words = summary === null ? '' : block('      ', 6, summary, columns);
  const failed = tests
    .filter((test) => test.status === 'fail')
    .map(({ file, name: test, message }) => {
      const where = file === null ? '' : `${file}: `;
      // The summary above may have said it already.
      const isNew = message && !summary?.endsWith(`: ${message}`);
      const said = isNew ? `: ${shorten(message, 300)}` : '';
      return block('      ✗ ', 8, `${where}${test}${said}`, columns);
    });
  return [head, words, ...failed, ...(status === 'fail' ? lastLines(name, view, pen) : [])].join('');
}

/** Logs are cut, not broken: their beginning tells what they are. */
function lastLines(name: string, { stages }: RunView, { paints, columns }: Pen): string[] {
  const lines = stages.findLast((stage) => stage.name === name)?.lastLines ?? [];
  const room = columns < 20 ? 200 : Math.min(columns - 7, 200);
  return lines.slice(-10).map((one) => line('      ', paints.dim(oneLine(one, room))));
}

function missing(results: RunFinished, { columns }: Pen): string[] {
  const rows = notRun(results).map(({ names, what, reason }) => {
    // Summaries of such stages begin with these words themselves.
    const why = reason.replace(/^not run: /, '');
    return block('  ', 4, `${names}: ${what}${why && `, ${why}`}`, columns);
  });
  return rows.length === 0 ? [] : ['\nWhat was not tested\n', ...rows];
}

function operator({ operator, flags }: RunFinished, { columns }: Pen): string[] {
  const rows = [
    ...operator.map((one) => block('  - ', 4, one, columns)),
    ...(flags.clean_teardown || flags.kept === true
      ? []
      : [line('  - the clean-up left something behind: ccci janitor')]),
  ];
  return rows.length === 0 ? [] : ['\nWhat an operator must see to\n', ...rows];
}

/** To be copied, so it is not broken. */
function reproduce(view: RunView, { paints }: Pen): string {
  const same = reproduceLine(view);
  return same === null ? '' : `\nThe same at home\n${line('  ', paints.bold(same))}`;
}
