import { listRuns } from './list.ts';
import { readResults } from './results.ts';

/** What was green here in a full run: the commits (12 hex digits) and the versions that they said they were. */
export type Green = { readonly refs: ReadonlySet<string>; readonly versions: ReadonlySet<string> };

/** Reads it of one recipe, from the runs' own records (L57). */
export async function readGreen(runs: string, recipe: string): Promise<Green> {
  const green = { refs: new Set<string>(), versions: new Set<string>() };
  for (const id of await listRuns(runs)) {
    const results = await readResults(runs, id);
    if (results?.recipe !== recipe || results.scope !== 'full' || results.verdict !== 'green') continue;
    green.refs.add(results.ref);
    if (results.version !== null) green.versions.add(results.version);
  }
  return green;
}
