import type { Status } from '../records/common.ts';
import type { StageFinished } from '../records/stage-finished.ts';
import { stageWords } from '../results/stage-words.ts';
import { block, line, oneLine } from './paint.ts';
import type { Pen } from './text.ts';
import type { RunView, StageView } from './view.ts';
import { duration, statusWords } from './words.ts';

const signs: Readonly<Record<Status, string>> = { pass: '✓', fail: '✗', skip: '–', unver: '?' };
/** Columns in front of what is said of a stage. */
const indent = 33;

/** A stage that is through: how it ended, in what time; of a failed one which tests failed, and the last log lines. */
export function finishStage(record: StageFinished, view: RunView, pen: Pen): string {
  const { stage, status, ms, summary } = record;
  const shown = view.stages.findLast((one) => one.name === stage);
  const checks = shown === undefined || shown.tests.length === 0 ? '' : count(shown.tests.length, 'check');
  const time = status === 'pass' || status === 'fail' ? duration(ms) : statusWords[status];
  const head = pen.paints.status(status, `${signs[status]} ${stageWords(stage).padEnd(13)}`);
  const words = status === 'pass' ? checks : (summary ?? '');
  const detail = status === 'fail' && shown !== undefined ? failure(shown, words, pen) : '';
  return block({ ansi: `  ${head.ansi}${time.padStart(14)}  ` }, indent, words, pen.columns) + detail;
}

function failure({ tests, lastLines }: StageView, summary: string, pen: Pen): string {
  const failed = tests.filter((test) => test.status === 'fail');
  const shown = failed.slice(0, 20).map((test) => failedTest(test, summary, pen));
  const more = failed.length > 20 ? line(`      and ${count(failed.length - 20, 'more failed test')}`) : '';
  const logs = lastLines.slice(-10).map((one) => line('      ', pen.paints.dim(short(one, pen.columns - 7))));
  return [...shown, more, ...logs].join('');
}

/** With its message, where the stage's summary above has not said that already. */
function failedTest(
  { file, name, message }: StageView['tests'][number],
  summary: string,
  { paints, columns }: Pen,
): string {
  const where = file === null ? '' : `${file}: `;
  const words = !message || summary.endsWith(`: ${message}`) ? '' : message;
  const lines = words.split('\n').filter((one) => one.trim() !== '');
  const said = lines.slice(0, 5).map((one) => line('        ', short(one, columns - 9)));
  const head = { ansi: `      ${paints.status('fail', '✗').ansi} ` };
  return block(head, 8, `${where}${name}`, columns) + said.join('');
}

/** Logs and messages are cut, not broken: their beginning tells what they are. */
function short(text: string, columns: number): string {
  return oneLine(text, columns < 20 ? 200 : Math.min(columns, 200));
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
