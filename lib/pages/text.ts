import type { Status } from '../records/common.ts';
import type { RunFinished } from '../records/run-finished.ts';
import type { StageFinished } from '../records/stage-finished.ts';
import type { AnyRecord, KnownRecord } from '../records/types.ts';
import { stageWords } from '../results/stage-words.ts';
import { notRun } from './not-run.ts';
import { line, type Paint, paint } from './paint.ts';
import { commitOf, type RunView, recipeOf, type StageView } from './view.ts';
import { duration, headline, levelWords, shorten, statusWords, uncommitted } from './words.ts';

/** Turns each record, as it comes, into lines for a terminal; `view` is what the record has led to. */
export type TextWriter = (record: AnyRecord, view: RunView | null) => string;

export type TextSettings = {
  readonly colour: boolean;
  /** Whether lines may be written over: what runs now is shown on a terminal alone. */
  readonly live: boolean;
};

/** Goes back to the begin of the line and empties it. */
const overwrite = '\r\u001b[K';

/** What a person reads while a run goes on, and at its end. */
export function makeTextWriter({ colour, live }: TextSettings): TextWriter {
  const paints = paint(colour);
  let isLineOpen = false;
  return (record, view) => {
    const known = record as KnownRecord;
    if (known.type === 'stage.started' && live) {
      const begun = line(paints.dim(`  … ${stageWords(known.stage)}`)).trimEnd();
      const text = `${isLineOpen ? overwrite : ''}${begun}`;
      isLineOpen = true;
      return text;
    }
    const text = tell(known, view, paints);
    if (text === '' || !isLineOpen) return text;
    isLineOpen = false;
    return `${overwrite}${text}`;
  };
}

function tell(record: KnownRecord, view: RunView | null, paints: Paint): string {
  if (record.type === 'error')
    return line(paints.warn('error'), `: ${record.message}${inBrackets(record.hint)}`);
  if (view === null) return '';
  if (record.type === 'drop') return line(`${record.key}: not run (${record.reason}): ${record.detail}`);
  if (record.type === 'queued') return line(`${record.key}: waits, place ${record.place} in the queue`);
  if (record.type === 'run.started') return begin(view, paints);
  if (record.type === 'stage.finished') return finishStage(record, view, paints);
  if (record.type === 'run.finished') return finishRun(record, paints);
  return '';
}

const signs: Readonly<Record<Status, string>> = { pass: '✓', fail: '✗', skip: '–', unver: '?' };

function begin(view: RunView, paints: Paint): string {
  const version = view.plan?.version ? ` ${view.plan.version}` : '';
  const base = view.started?.base ? `, upgrade from ${view.started.base}` : '';
  const head = line(paints.bold(`${recipeOf(view)}${version}`), `  commit ${commitOf(view)}${base}`);
  const warnings = (view.plan?.warnings ?? []).map((warning) =>
    line('  ', paints.warn('note'), `: ${warning}`),
  );
  return head + warnings.join('');
}

function finishStage({ stage, status, ms, summary }: StageFinished, view: RunView, paints: Paint): string {
  const shown = view.stages.findLast((one) => one.name === stage);
  const checks = shown === undefined || shown.tests.length === 0 ? '' : count(shown.tests.length, 'check');
  const time = status === 'pass' || status === 'fail' ? duration(ms) : statusWords[status];
  const head = paints.status(status, `${signs[status]} ${stageWords(stage).padEnd(13)}`);
  const words = status === 'pass' ? checks : (summary ?? '');
  const detail = status === 'fail' && shown !== undefined ? failure(shown, paints) : '';
  return line('  ', head, `${time.padStart(14)}  ${words}`) + detail;
}

function failure({ tests, lastLines }: StageView, paints: Paint): string {
  const failed = tests.filter((test) => test.status === 'fail').map((test) => failedTest(test, paints));
  const logs = lastLines.slice(-10).map((one) => line('      ', paints.dim(shorten(one, 200))));
  return [...failed, ...logs].join('');
}

function failedTest({ file, name, message }: StageView['tests'][number], paints: Paint): string {
  const where = file === null ? '' : `${file}: `;
  const lines = (message ?? '').split('\n').filter((one) => one.trim() !== '');
  const said = lines.slice(0, 5).map((one) => line('        ', shorten(one, 200)));
  return line('      ', paints.status('fail', '✗'), ` ${where}${name}`) + said.join('');
}

function finishRun(results: RunFinished, paints: Paint): string {
  const { operator, flags } = results;
  const missing = notRun(results).map(({ names, what, reason }) => {
    return line(`  ${names}, ${what}${reason === '' ? '' : `: ${reason}`}`);
  });
  const todo = operator.map((one) => line('    - ', one));
  const time = duration((results.finished - results.started) * 1000);
  return [
    '\n',
    line(paints.verdict(results.verdict, results.verdict.toUpperCase()), `  ${headline(results)}`),
    line('  ', levelWords(results)),
    ...missing,
    ...(todo.length === 0 ? [] : [line('  to upgrade, an operator must see to:'), ...todo]),
    ...(flags.clean_teardown || flags.kept === true
      ? []
      : [line('  ', paints.warn('the clean-up left something behind'))]),
    line(
      '  ',
      paints.dim(`run ${results.run_id}, commit ${results.ref}${uncommitted(results.ref)}, ${time}`),
    ),
  ].join('');
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}

function inBrackets(hint: string | undefined): string {
  return hint === undefined ? '' : ` (${hint})`;
}
