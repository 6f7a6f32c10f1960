import { join, resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { endOfInput, until } from '@ccci/lib/program/ending.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { decode, type Incoming } from '@ccci/lib/records/decode.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { lockProgram } from '@ccci/lib/state/only-one.ts';
import { makeForges } from './forges.ts';
import { type Format, formats } from './render.ts';

/** How often the directory is looked at besides, in ms (triggers.md, step 11). */
const lookMs = 60_000;

/** Runs the program: renders with `--format`, else posts. */
export async function runReport(io: ProgramIo): Promise<void> {
  const format = formatOf(io);
  const bytes = io.input();
  const flags = { ...io.flags, directory: io.flags['report-directory'] };
  const config = await loadConfig({ ...io, section: 'report', flags });
  const stamping = { by: io.by, now: () => new Date() };
  const incoming = until(decode(bytes, stamping), endOfInput(io));
  if (format !== undefined) return await renderAll(format, incoming, config, io);
  const { report } = await import('./report.ts');
  await prepareState(config.state);
  const lock = await lockProgram(config.state, 'report');
  const giving = new AbortController();
  try {
    await io.output.records(
      report(incoming, {
        ...io,
        ...config.report,
        state: config.state,
        runs: config.runs,
        directory: resolve(io.cwd, config.report.directory ?? join(config.state, 'pages')),
        settings: settingsOf(config),
        forge: makeForges(config, giving.signal),
        giveUp: () => giving.abort(),
        lookMs,
        stamping,
      }),
    );
  } finally {
    lock.release();
  }
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
  for await (const text of render(incoming, { format, settings: settingsOf(config), colour, live, onBad })) {
    await io.output.text(text);
  }
}

function settingsOf({ word, report }: LoadedConfig) {
  return { word, context: report.context, url: report.url, notify: report.notify };
}

function formatOf({ flags }: ProgramIo): Format | undefined {
  const { format } = flags;
  if (format === undefined || formats.includes(format as Format)) return format as Format | undefined;
  const nearest = didYouMean(String(format), formats);
  const message = `--format is ${JSON.stringify(format)}; expected ${formats.join(', ')}${nearest}`;
  throw new Failure(exitStatus.usage, 'bad-value', message, { hint: 'see --help' });
}
