import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { type CommentSettings, runMarkdown } from '@ccci/lib/pages/comment.ts';
import { runPage } from '@ccci/lib/pages/page.ts';
import { summaryLine } from '@ccci/lib/pages/summary.ts';
import { makeTextWriter } from '@ccci/lib/pages/text.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import type { Incoming } from '@ccci/lib/records/decode.ts';
import type { ErrorRecord } from '@ccci/lib/records/error.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { junitOfRuns } from '@ccci/lib/results/junit.ts';

export const formats = ['text', 'markdown', 'html', 'summary', 'junit'] as const;
export type Format = (typeof formats)[number];

export type RenderOptions = {
  readonly format: Format;
  readonly settings: CommentSettings;
  readonly colour: boolean;
  /** Whether the output is a terminal, on which lines may be written over. */
  readonly live: boolean;
  /** How many columns the terminal has now; without, lines are not broken. */
  readonly columns?: () => number;
  /** Where run directories are: text tells where the files of a run lie. */
  readonly runs?: string;
  readonly onBad: (record: ErrorRecord) => void;
};

/**
 * Renders records and posts nothing: text as they come, the other formats when a run is through, and at the end of
 * the input what is not. The same records give the same bytes (records.md, rule 6).
 */
export async function* render(
  incoming: AsyncIterable<Incoming>,
  options: RenderOptions,
): AsyncGenerator<string> {
  const collector = makeCollector();
  const writer = makeWriter(options);
  for await (const { kind, record } of incoming) {
    if (kind === 'bad') options.onBad(record);
    if (kind !== 'record') continue;
    const view = collector.add(record);
    const text = writer.record(record, view);
    if (text !== '') yield text;
    if (view === null || record.type !== 'run.finished') continue;
    yield writer.over(view);
    collector.forget(view);
  }
  for (const view of collector.views()) yield writer.over(view);
  yield writer.end();
}

type Writer = {
  /** As each record comes. */
  readonly record: ReturnType<typeof makeTextWriter>;
  /** When a run is through, or the input ended before it was. */
  readonly over: (view: RunView) => string;
  readonly end: () => string;
};

const silent: Writer = { record: () => '', over: () => '', end: () => '' };

function makeWriter({ format, settings, ...shown }: RenderOptions): Writer {
  if (format === 'text') return { ...silent, record: makeTextWriter({ ...shown, url: settings.url }) };
  if (format === 'summary') return { ...silent, over: summaryLine };
  if (format === 'html') return { ...silent, over: runPage };
  if (format === 'markdown') return { ...silent, over: (view) => runMarkdown(view, settings) };
  const runs: Results[] = [];
  return {
    ...silent,
    over: ({ results }) => {
      if (results !== null) runs.push(results);
      return '';
    },
    end: () => junitOfRuns(runs),
  };
}
