import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '../program/failure.ts';
import { type Results, resultsSchema } from '../records/results.ts';
import { writeDurably } from '../state/files.ts';

/** Writes `results.json` once, whole, by rename. */
export async function writeResults(dir: string, results: Results): Promise<void> {
  await writeDurably(join(dir, 'results.json'), `${JSON.stringify(results, null, 2)}\n`);
}

/** The results of a run; undefined where there are none (yet), or none of this contract's shape. */
export async function readResults(runs: string, id: string): Promise<Results | undefined> {
  try {
    const parsed = resultsSchema.safeParse(
      JSON.parse(await readFile(join(runs, id, 'results.json'), 'utf8')),
    );
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' || error instanceof SyntaxError)
      return undefined;
    throw error;
  }
}
