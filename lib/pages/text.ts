import type { AnyRecord, KnownRecord } from '../records/types.ts';
import { stageWords } from '../results/stage-words.ts';
import { block, line, oneLine, type Paint, paint } from './paint.ts';
import { finishRun } from './text-end.ts';
import { finishStage } from './text-stage.ts';
import { commitOf, type RunView, recipeOf } from './view.ts';
import { columnsOf } from './width.ts';
import { duration } from './words.ts';

/** Turns each record, as it comes, into lines for a terminal; `view` is what the record has led to. */
export type TextWriter = (record: AnyRecord, view: RunView | null) => string;

export type TextSettings = {
  readonly colour: boolean;
  /** Whether lines may be written over: what runs now is shown on a terminal alone. */
  readonly live: boolean;
  /** How many columns the terminal has now, 0 where lines are not broken. */
  readonly columns?: () => number;
  /** Where run directories are; it is told where the files of a run lie. */
  readonly runs?: string | undefined;
  /** Public address of the pages. */
  readonly url?: string | undefined;
};

/** What a part of the text is made with. */
export type Pen = { readonly paints: Paint; readonly columns: number } & Pick<TextSettings, 'runs' | 'url'>;

/** Goes back to the begin of the line and empties it. */
const overwrite = '\r\u001b[K';

/** What a person reads while a run goes on, and at its end. */
export function makeTextWriter({ colour, live, columns = () => 0, runs, url }: TextSettings): TextWriter {
  const paints = paint(colour);
  let isLineOpen = false;
  let shown: string | null = null;
  let since = Number.NaN;
  return (record, view) => {
    const known = record as KnownRecord;
    const pen = { paints, columns: columns(), runs, url };
    if (live && view !== null && isProgress(known)) {
      if (known.type === 'stage.started') since = Date.parse(known.at);
      const begun = isLineOpen ? overwrite : '';
      isLineOpen = true;
      return `${begun}${progress(known, Date.parse(known.at) - since, pen)}`;
    }
    const text = tell(known, view, pen);
    if (text === '') return '';
    const over = isLineOpen ? overwrite : '';
    isLineOpen = false;
    // Of runs side by side it is said which one a line is about.
    const isOther = known.type !== 'run.started' && view !== null && shown !== null && shown !== view.run;
    if (view !== null && (view.started !== null || shown !== null)) shown = view.run;
    const whose = isOther && view !== null ? line(paints.dim(`${recipeOf(view)}, run ${view.run}:`)) : '';
    return `${over}${whose}${text}`;
  };
}

function tell(record: KnownRecord, view: RunView | null, pen: Pen): string {
  const { paints, columns } = pen;
  if (record.type === 'error')
    return block(paints.warn('error'), 7, `: ${record.message}${inBrackets(record.hint)}`, columns);
  if (view === null) return '';
  if (record.type === 'drop')
    return block('', 0, `${record.key}: not run (${record.reason}): ${record.detail}`, columns);
  if (record.type === 'queued') return line(`${record.key}: waits, place ${record.place} in the queue`);
  if (record.type === 'run.started') return begin(view, pen);
  if (record.type === 'stage.finished') return finishStage(record, view, pen);
  if (record.type === 'run.finished') return finishRun(record, view, pen);
  return '';
}

function begin(view: RunView, { paints, columns }: Pen): string {
  const version = view.plan?.version ? ` ${view.plan.version}` : '';
  const base = view.started?.base ? `, upgrade from ${view.started.base}` : '';
  const title = paints.bold(`${recipeOf(view)}${version}`);
  const indent = columnsOf(`${recipeOf(view)}${version}`) + 2;
  const head = block({ ansi: `${title.ansi}  ` }, indent, `commit ${commitOf(view)}${base}`, columns);
  const warnings = (view.plan?.warnings ?? []).map((warning) =>
    block({ ansi: `  ${paints.warn('note').ansi}: ` }, 8, warning, columns),
  );
  return head + warnings.join('');
}

type Progress = Extract<KnownRecord, { type: 'stage.started' | 'log' | 'test' }>;

function isProgress(record: KnownRecord): record is Progress {
  return record.type === 'stage.started' || record.type === 'log' || record.type === 'test';
}

/** What runs now, for how long by the records' own clock, and what was said last; never longer than a line. */
function progress(record: Progress, ms: number, { paints, columns }: Pen): string {
  const name = stageWords(record.stage);
  const time = ms >= 1000 ? `, ${duration(ms)}` : '';
  const text = oneLine(`  … ${name}${time}${said(record)}`, columns > 0 ? columns - 1 : 0);
  return line(paints.dim(text)).trimEnd();
}

function said(record: Progress): string {
  if (record.type === 'log')
    return `  ${record.service ?? record.tool ?? record.stage} | ${record.line.slice(0, 400)}`;
  return record.type === 'test' ? `  ${record.name.slice(0, 400)}` : '';
}

function inBrackets(hint: string | undefined): string {
  return hint === undefined ? '' : ` (${hint})`;
}
