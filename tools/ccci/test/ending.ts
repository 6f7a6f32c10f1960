import { createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startProgram } from '@ccci/lib/program/child.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { needTool } from '../programs.ts';

type Io = Pick<ProgramIo, 'env' | 'cwd' | 'stopping'>;

/** Writes the page of a run into its directory, from its recording; null where it cannot be made. */
export async function writePage(dir: string, io: Io): Promise<string | null> {
  const page = join(dir, 'index.html');
  const report = await needTool('report', io.env.PATH);
  const { process: child, ended } = startProgram(report, ['--format', 'html'], {
    ...io,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [status] = await Promise.all([
    ended,
    pipeline(createReadStream(join(dir, 'events.ndjson')), child.stdin as Writable),
    pipeline(child.stdout as Readable, createWriteStream(page)),
  ]).catch(() => [-1]);
  return status === 0 ? page : null;
}

/** Where to look further: whatever of it is there. */
export async function whereToLook(dir: string, page: string | null, results: Results): Promise<string> {
  const pictures = [results.screenshot_upgrade ?? results.screenshot].flatMap((name) => name ?? []);
  const places: readonly (readonly [string, string | null])[] = [
    ['page', page],
    ['logs', await ifThere(join(dir, 'logs'))],
    ...(await Promise.all(
      pictures.map(async (name) => ['picture', await ifThere(join(dir, name))] as const),
    )),
    ['recording', await ifThere(join(dir, 'events.ndjson'))],
    ['why', results.verdict === 'green' ? null : `ccci explain ${results.run_id}`],
  ];
  const lines = places.flatMap(([what, path]) => (path === null ? [] : [`  ${what.padEnd(10)} ${path}\n`]));
  return `\n${lines.join('')}`;
}

async function ifThere(path: string): Promise<string | null> {
  return access(path).then(
    () => path,
    () => null,
  );
}
