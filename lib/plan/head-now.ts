import { headOfPull } from '../git/resolve.ts';
import { Failure } from '../program/failure.ts';
import type { Trigger } from '../records/trigger.ts';

/** Nobody waits for it longer: it is a courtesy. */
const timeoutMs = 10_000;

/**
 * The head of the trigger's pull request when its run is over, so that the answer can say that another commit has come
 * since: a push alone ends no run (triggers.md, step 14). Null without a pull request, and where it cannot be told.
 */
export async function readHeadNow(
  { repo, pr }: Trigger,
  options: { readonly allowLocal: boolean; readonly forgeUrls: readonly string[] },
): Promise<string | null> {
  if (pr === undefined) return null;
  try {
    return await headOfPull(repo, pr.number, { ...options, timeoutMs });
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}
