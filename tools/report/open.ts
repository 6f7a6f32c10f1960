import { join, resolve } from 'node:path';
import { type LoadedConfig, loadConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { decode } from '@ccci/lib/records/decode.ts';
import { prepareState, statePaths } from '@ccci/lib/state/layout.ts';
import { type Lock, lockFile } from '@ccci/lib/state/lock.ts';
import { makeForges } from './forges.ts';
import { type Format, formats } from './render.ts';

/** How long input may last after the first signal, in ms (records.md, rule 5). */
const lastWordsMs = 30_000;
/** How often the directory is looked at besides, in ms (triggers.md, step 11). */
const lookMs = 60_000;

/** Runs the program: renders with `--format`, else posts. */
export async function runReport(io: ProgramIo): Promise<void> {
  const format = formatOf(io);
  const bytes = io.input();
  const flags = { ...io.flags, directory: io.flags['report-directory'] };
  const config = await loadConfig({ ...io, section: 'report', flags });
  const stamping = { by: io.by, now: () => new Date() };
  const incoming = decode(until(bytes, endOf(io)), stamping);
  if (format !== undefined) return await renderAll(format, incoming, config, io);
  const { report } = await import('./report.ts');
  await prepareState(config.state);
  const lock = await onlyOne(config.state);
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
  incoming: ReturnType<typeof decode>,
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

async function onlyOne(state: string): Promise<Lock> {
  const path = statePaths(state).lock('report');
  const lock = await lockFile(path);
  if (lock !== null) return lock;
  throw new Failure(exitStatus.leftOver, 'already-running', `another ccci-report is at work on ${state}`, {
    hint: `one per state directory: end it, or use another --state; ${path} is its lock`,
  });
}

/** Ends the reading when nobody listens any more, or a while after the first signal. */
function endOf({ output, stopping }: ProgramIo): AbortSignal {
  const ending = new AbortController();
  const end = () => ending.abort();
  if (output.closed.aborted) end();
  output.closed.addEventListener('abort', end, { once: true });
  stopping.addEventListener('abort', () => setTimeout(end, lastWordsMs).unref(), { once: true });
  return ending.signal;
}

/** Reads until the signal aborts, even while the source is silent. */
async function* until<Item>(source: AsyncIterable<Item>, ending: AbortSignal): AsyncGenerator<Item> {
  const iterator = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await orEnding(iterator.next(), ending);
    if (next === null || next.done === true) return;
    yield next.value;
  }
}

function orEnding<Value>(pending: Promise<Value>, ending: AbortSignal): Promise<Value | null> {
  return new Promise((resolved, rejected) => {
    const end = () => resolved(null);
    if (ending.aborted) end();
    ending.addEventListener('abort', end, { once: true });
    pending.then(resolved, rejected).finally(() => ending.removeEventListener('abort', end));
  });
}
