import { join } from 'node:path';
import type { RunFinished } from '../records/run-finished.ts';
import { climbWords } from './climb.ts';
import { notRun } from './not-run.ts';
import { block, line } from './paint.ts';
import { reproduceLine } from './reproduce.ts';
import { runAddress } from './status.ts';
import type { Pen } from './text.ts';
import type { RunView } from './view.ts';
import { duration, headline, levelWords, shorten, uncommitted } from './words.ts';

/** The reason of a verdict repeats a stage's summary, which stands above it whole. */
const headlineLimit = 300;

/** The end of a run: verdict, what stands behind it, what is missing, what is to do, where everything is. */
export function finishRun(results: RunFinished, view: RunView, pen: Pen): string {
  const { paints, columns } = pen;
  const { verdict, operator, flags } = results;
  const head = { ansi: `${paints.verdict(verdict, verdict.toUpperCase()).ansi}  ` };
  const missing = notRun(results).map(({ names, what, reason }) => {
    // Summaries of such stages begin with these words themselves.
    const why = reason.replace(/^not run: /, '');
    return block('  ', 2, `${names}, ${what}${why === '' ? '' : `: ${why}`}`, columns);
  });
  const todo = operator.map((one) => block('    - ', 6, one, columns));
  return [
    '\n',
    block(head, verdict.length + 2, shorten(headline(results), headlineLimit), columns),
    block('  ', 2, levelWords(results), columns),
    ...missing,
    ...(todo.length === 0 ? [] : [line('  to upgrade, an operator must see to:'), ...todo]),
    ...climbing(results, pen),
    ...(flags.clean_teardown || flags.kept === true
      ? []
      : [line('  ', paints.warn('the clean-up left something behind'))]),
    ...places(results, pen),
    ...again(view, pen),
  ].join('');
}

function climbing(results: RunFinished, { columns }: Pen): string[] {
  const words = climbWords(results);
  return words === null ? [] : [block('  ', 2, words.replace(/^T/, 't'), columns)];
}

function places(results: RunFinished, { paints, runs, url }: Pen): string[] {
  const { run_id, ref } = results;
  const time = duration((results.finished - results.started) * 1000);
  return [
    line('  ', paints.dim(`run ${run_id}, commit ${ref}${uncommitted(ref)}, ${time}`)),
    ...(runs === undefined ? [] : [line('  ', paints.dim(`files: ${join(runs, run_id)}/`))]),
    ...(url === undefined ? [] : [line('  ', paints.dim(`page: ${runAddress(url, run_id)}`))]),
  ];
}

/** The last line of what did not pass: the same at home, to be copied, so it is not broken. */
function again(view: RunView, { paints }: Pen): string[] {
  const reproduce = view.results?.verdict === 'red' ? reproduceLine(view) : null;
  return reproduce === null ? [] : [line('  the same at home:'), line('  ', paints.bold(reproduce))];
}
