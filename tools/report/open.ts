import { join, resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { metered } from '@ccci/lib/metrics/metered.ts';
import { openMetrics } from '@ccci/lib/metrics/open.ts';
import { endOfInput, until } from '@ccci/lib/program/ending.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { decode, type Incoming } from '@ccci/lib/records/decode.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import { makeReportCounter } from './count.ts';
import { makeForges, reportSources } from './forges.ts';
import { type Format, formats } from './render.ts';
import type { Change } from './watch.ts';

/** How often the directory is looked at besides, in ms (triggers.md, step 11). */
const lookMs = 60_000;
/** How often what runs is looked at, and places in a queue that moved, in ms. */
const goingMs = 10_000;

/** Runs the program: renders with `--format`, else posts, from standard input or with `--spool` from the directory. */
export async function runReport(io: ProgramIo): Promise<void> {
  const format = formatOf(io);
  const hasSpool = spoolOf(io, format);
  const bytes = hasSpool ? null : io.input();
  const flags = { ...io.flags, directory: io.flags['report-directory'] };
  const config = await loadConfig({ ...io, section: 'report', flags });
  const stamping = { by: io.by, now: () => new Date() };
  const incoming = bytes === null ? null : until(decode(bytes, stamping), endOfInput(io));
  if (format !== undefined && incoming !== null) return await renderAll(format, incoming, config, io);
  const { report } = await import('./report.ts');
  await prepareState(config.state);
  const lock = await lockProgram(config.state, 'report');
  const giving = new AbortController();
  const { stopping, ...rest } = io;
  const { state, metrics } = config;
  const written = openMetrics({ program: 'report', ...metrics, state, warn: io.log.warning });
  const counter = makeReportCounter(makeForges(config, giving.signal), written, stamping.now);
  try {
    const records = report(
      incoming ?? changesOf(config.state, AbortSignal.any([stopping, giving.signal]), io),
      {
        ...rest,
        ...config.report,
        ...(hasSpool ? { stopping } : {}),
        state: config.state,
        runs: config.runs,
        directory: resolve(io.cwd, config.report.directory ?? join(config.state, 'pages')),
        settings: settingsOf(config),
        sources: reportSources(config),
        slots: config.stage.slots,
        forge: counter.forge,
        counter,
        giveUp: () => giving.abort(),
        lookMs,
        goingMs,
        stamping,
      },
    );
    await io.output.records(metered(records, written, counter.count));
    await counter.end();
  } finally {
    lock.release();
  }
}

/** What is told of the directory: nothing with `--once`, for all of it is looked at anyway. */
async function* changesOf(
  state: string,
  stopping: AbortSignal,
  { flags, log }: ProgramIo,
): AsyncGenerator<Change> {
  if (flags.once === true) return;
  const { watchSpool } = await import('./watch.ts');
  const warn = ({ message }: Error) =>
    log.warning(`cannot watch ${state}: ${message}; it is looked at once a minute instead`);
  yield* watchSpool({ state, stopping, warn });
}

async function renderAll(
  format: Format,
  incoming: AsyncIterable<Incoming>,
  config: LoadedConfig,
  io: ProgramIo,
): Promise<void> {
  const { render } = await import('./render.ts');
  const live = io.outputIsTerminal;
  const colour = live && !io.env.NO_COLOR;
  const onBad = (record: { readonly message: string; readonly hint?: string | undefined }) => {
    io.log.error(record.message, record.hint);
    io.outcome.note(exitStatus.badInput);
  };
  const shown = { colour, live, columns: io.outputColumns, runs: config.runs };
  for await (const text of render(incoming, { format, settings: settingsOf(config), ...shown, onBad })) {
    await io.output.text(text);
  }
}

function settingsOf({ word, report }: LoadedConfig) {
  return { word, context: report.context, url: report.url, notify: report.notify };
}

/** Whether the directory is listened to instead of standard input. */
function spoolOf({ flags }: ProgramIo, format: Format | undefined): boolean {
  const refuse = (message: string, hint: string) =>
    new Failure(exitStatus.usage, 'bad-value', message, { hint });
  const hasSpool = flags.spool !== undefined;
  if (flags.once === true && !hasSpool) throw refuse('--once is for --spool', 'add --spool DIR');
  if (hasSpool && format !== undefined) {
    throw refuse('--format renders standard input, and --spool does not read it', 'leave one of them out');
  }
  return hasSpool;
}

function formatOf({ flags }: ProgramIo): Format | undefined {
  const { format } = flags;
  if (format === undefined || formats.includes(format as Format)) return format as Format | undefined;
  const nearest = didYouMean(String(format), formats);
  const message = `--format is ${JSON.stringify(format)}; expected ${formats.join(', ')}${nearest}`;
  throw new Failure(exitStatus.usage, 'bad-value', message, { hint: 'see --help' });
}
