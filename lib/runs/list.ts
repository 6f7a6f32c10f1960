import { readdir } from 'node:fs/promises';
import { codeOf } from '../program/failure.ts';
import type { Results } from '../records/results.ts';
import { readResults } from './results.ts';

/** Ids of all runs that have a directory, sorted by code unit; hidden ones are being removed. */
export async function listRuns(runs: string): Promise<string[]> {
  try {
    const entries = await readdir(runs, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .sort();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

export type History = {
  readonly runs: number;
  readonly green: number;
  readonly lastGreen: Results | null;
};

/** What earlier full runs of a recipe came to, from the runs' own records (L57); `except` is left out. */
export async function readHistory(runs: string, recipe: string, except: string): Promise<History> {
  let history: History = { runs: 0, green: 0, lastGreen: null };
  for (const id of await listRuns(runs)) {
    if (id === except) continue;
    const results = await readResults(runs, id);
    if (results === undefined || results.recipe !== recipe || results.scope !== 'full') continue;
    const green = results.verdict === 'green';
    const newer = green && results.finished > (history.lastGreen?.finished ?? 0);
    history = {
      runs: history.runs + 1,
      green: history.green + (green ? 1 : 0),
      lastGreen: newer ? results : history.lastGreen,
    };
  }
  return history;
}
