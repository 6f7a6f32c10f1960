import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';
import { decode } from '@ccci/lib/records/decode.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { isWebAddress, readRunAddress } from '../address.ts';
import { fetchBytes, recordingLimit } from '../fetch.ts';

export type Places = { readonly runs: string; readonly cwd: string; readonly signal: AbortSignal };

/** The runs of a recording: of an address, of a run of this state, or of a file. `Failure` 65 where there is none. */
export async function readViews(target: string | undefined, places: Places): Promise<readonly RunView[]> {
  const bytes = await openRecording(target, places);
  const collector = makeCollector();
  for await (const { kind, record } of decode(bytes, { by: 'ccci', now: () => new Date(0) })) {
    if (kind === 'record') collector.add(record);
  }
  return collector.views();
}

async function openRecording(target: string | undefined, places: Places): Promise<AsyncIterable<Uint8Array>> {
  const { runs, cwd, signal } = places;
  if (target === undefined) return createReadStream(await newest(runs));
  if (isWebAddress(target)) return fetchBytes(recordingOf(target), { limit: recordingLimit, signal });
  const ofRun = join(runs, target, 'events.ndjson');
  if (/^[a-z0-9][a-z0-9.-]*$/.test(target) && (await isFile(ofRun))) return createReadStream(ofRun);
  const file = resolve(cwd, target);
  const inside = join(file, 'events.ndjson');
  for (const path of [file, inside]) if (await isFile(path)) return createReadStream(path);
  const near = didYouMean(target, await listRuns(runs));
  throw refuse(`${target} is no run in ${runs}, and no file${near}`);
}

function recordingOf(target: string): string {
  const run = readRunAddress(target);
  if (run !== null) return `${run.folder}events.ndjson`;
  throw refuse(`${target} is not the page of a run`);
}

/** The recording that was written to last. */
async function newest(runs: string): Promise<string> {
  const paths = (await listRuns(runs)).map((id) => join(runs, id, 'events.ndjson'));
  const times = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ mtimeMs }) => mtimeMs,
        () => -1,
      ),
    ),
  );
  const latest = Math.max(-1, ...times);
  if (latest >= 0) return paths[times.indexOf(latest)] as string;
  throw refuse(
    `there is no run in ${runs} yet`,
    'ccci test DIR makes one; or name the page of a run elsewhere',
  );
}

function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

const howToName = 'name the page of a run, the id of a run here, or a file with its records';

function refuse(message: string, hint = howToName): Failure {
  return new Failure(exitStatus.badInput, 'no-recording', message, { hint });
}
