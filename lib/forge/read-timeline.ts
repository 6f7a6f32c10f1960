import { type ForgeError, isForgeError, isPassing } from './forge-error.ts';
import type { ForgeClient } from './gitea.ts';
import type { RepositoryName, TimelineEntry } from './types.ts';

/**
 * What happened to a pull request from the second `since` on; null when it cannot be read and will not be:
 * the forge refuses it, or answers something else. A passing failure is thrown.
 */
export async function readTimeline(
  client: ForgeClient,
  { owner, name }: RepositoryName,
  { number, since }: { readonly number: number; readonly since: string },
): Promise<readonly TimelineEntry[] | null> {
  try {
    return await client.timeline({ owner, name }, number, { since });
  } catch (error) {
    if (isForgeError(error) && isFinal(error)) return null;
    throw error;
  }
}

/** A token that is no longer valid and half an answer pass; a refusal and an answer of another shape do not. */
function isFinal(error: ForgeError): boolean {
  if (error.trouble === 'unreadable') return !(error.cause instanceof SyntaxError);
  return !isPassing(error) && error.httpStatus !== 401;
}
