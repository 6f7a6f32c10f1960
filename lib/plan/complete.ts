import { resolve } from 'node:path';
import { isLocalPath } from '../git/address.ts';
import { headOf, resolveRef } from '../git/resolve.ts';
import { exitStatus, Failure } from '../program/failure.ts';
import { type FillOptions, fillTrigger, isByHand } from '../records/fill.ts';
import type { AnyRecord } from '../records/types.ts';

export type CompleteOptions = FillOptions & {
  readonly forgeUrls: readonly string[];
  readonly signal?: AbortSignal;
};

/**
 * Completes a trigger that a person wrote, for `decode`'s `fill`: the fields of `fillTrigger`, then `ref` as a hash
 * (a branch, tag or `HEAD` is resolved at once) and a path made absolute. A local checkout without `ref` is taken as
 * it is: `worktree`. Any other record comes back as it is. Source: records.md, "A reader fills in".
 */
export async function completeTrigger(record: AnyRecord, options: CompleteOptions): Promise<AnyRecord> {
  const filled = fillTrigger(record, options);
  if (!isByHand(record) || typeof filled.repo !== 'string') return filled;
  if (filled.ref !== undefined && typeof filled.ref !== 'string') return filled;
  if (isLocalPath(filled.repo)) return await completeLocal(filled, filled.repo, filled.ref, options);
  const ref = filled.ref ?? 'HEAD';
  return { ...filled, ref: await resolveRef(filled.repo, ref, { ...options, allowLocal: false }) };
}

async function completeLocal(
  filled: AnyRecord,
  path: string,
  ref: string | undefined,
  options: CompleteOptions,
): Promise<AnyRecord> {
  const repo = path.startsWith('file:') ? path : resolve(options.cwd, path);
  if (ref !== undefined)
    return { ...filled, repo, ref: await resolveRef(repo, ref, { ...options, allowLocal: true }) };
  if (repo.startsWith('file:')) {
    throw new Failure(exitStatus.badInput, 'no-ref', `the trigger for ${repo} has no ref`, {
      hint: 'name a branch, tag or HEAD; a checkout is tested as it is when repo is a plain path',
    });
  }
  return { ...filled, repo, ref: await headOf(repo, options.signal), worktree: true };
}
