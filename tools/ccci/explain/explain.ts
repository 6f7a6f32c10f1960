import { loadConfig } from '@ccci/lib/config/load.ts';
import { paint } from '@ccci/lib/pages/paint.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { readViews } from './read.ts';
import { explainRun } from './words.ts';

/** `ccci explain`: a run's records in plain words. */
export async function runExplain(io: ProgramIo): Promise<void> {
  const { runs } = await loadConfig({ section: 'stage', ...io });
  const target = typeof io.flags.target === 'string' ? io.flags.target : undefined;
  const views = await readViews(target, { runs, cwd: io.cwd, signal: io.stopping });
  if (views.length === 0) {
    const message = `${target ?? 'the newest recording'} holds no record of a run`;
    throw new Failure(exitStatus.badInput, 'no-run', message, { hint: 'name a recording: events.ndjson' });
  }
  const pen = {
    paints: paint(io.outputIsTerminal && !io.env.NO_COLOR),
    columns: io.outputColumns(),
  };
  await io.output.text(views.map((view) => explainRun(view, pen)).join('\n'));
}
