import { notRun } from '@ccci/lib/pages/not-run.ts';
import { line, type Paint } from '@ccci/lib/pages/paint.ts';
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

/** Why a run ended as it did, in plain words. Pure. */
export function explainRun(view: RunView, paint: Paint): string {
  const head = line(paint.bold(recipeOf(view)), `, commit ${commitOf(view)}${uncommitted(commitOf(view))}`);
  if (view.results === null) return head + unfinished(view) + reproduce(view);
  const { results } = view;
  return [
    head,
    line(paint.verdict(results.verdict, results.verdict.toUpperCase()), `  ${headline(results)}.`),
    line('  ', meanings[results.verdict]),
    line('  ', levelWords(results)),
    '\nWhat happened\n',
    ...results.stages.map((stage) => explainStage(stage, view, paint)),
    ...missing(results),
    ...operator(results),
    '\nWhat to do next\n',
    line('  ', next[results.verdict]),
    reproduce(view),
  ].join('');
}

function unfinished({ drop, stages }: RunView): string {
  if (drop !== null) return line(`NOT RUN (${drop.reason}): ${drop.detail}`);
  const at = stages.at(-1);
  const where = at === undefined ? 'nothing of it has begun' : `it was last seen at ${stageWords(at.name)}`;
  return line(`NO RESULT: the recording ends before the run does; ${where}.`);
}

const signs = { pass: '✓', fail: '✗', skip: '–', unver: '?' } as const;
const did = { pass: 'passed', fail: 'failed', skip: 'does not apply', unver: 'was not run' } as const;

function explainStage(stage: ResultStage, view: RunView, paint: Paint): string {
  const { name, status, cause, summary, tests } = stage;
  const why = status === 'fail' && cause !== null ? `, ${blame[cause]}` : '';
  const head = line('  ', paint.status(status, `${signs[status]} ${stageWords(name)} ${did[status]}`), why);
  const words = summary === null ? '' : line('      ', summary);
  const failed = tests
    .filter((test) => test.status === 'fail')
    .map(({ file, name: test, message }) => {
      const where = file === null ? '' : `${file}: `;
      return line('      ✗ ', `${where}${test}${message ? `: ${shorten(message, 300)}` : ''}`);
    });
  return [head, words, ...failed, ...(status === 'fail' ? lastLines(name, view, paint) : [])].join('');
}

function lastLines(name: string, { stages }: RunView, paint: Paint): string[] {
  const lines = stages.findLast((stage) => stage.name === name)?.lastLines ?? [];
  return lines.slice(-10).map((one) => line('      ', paint.dim(shorten(one, 200))));
}

function missing(results: RunFinished): string[] {
  const rows = notRun(results).map(({ names, what, reason }) =>
    line(`  ${names}: ${what}${reason && `, ${reason}`}`),
  );
  return rows.length === 0 ? [] : ['\nWhat was not tested\n', ...rows];
}

function operator({ operator, flags }: RunFinished): string[] {
  const rows = [
    ...operator.map((one) => line('  - ', one)),
    ...(flags.clean_teardown ? [] : [line('  - the clean-up left something behind: ccci janitor')]),
  ];
  return rows.length === 0 ? [] : ['\nWhat an operator must see to\n', ...rows];
}

function reproduce(view: RunView): string {
  const same = reproduceLine(view);
  return same === null ? '' : `\nThe same at home\n${line('  ', same)}`;
}
