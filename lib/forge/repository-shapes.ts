/** Answers about repositories, only what we use, turned into our words. Source: forge-api.md, 1.7. */
import { z } from 'zod';
import type { ForgeRepository, ForgeTag } from './types.ts';

const flag = z.boolean().nullish();

/** A `Repository`; what an older server does not say of its units is that they are there. */
export const repositoryShape = z
  .object({
    id: z.int(),
    name: z.string(),
    owner: z.object({ login: z.string() }),
    default_branch: z.string().nullish(),
    archived: flag,
    empty: flag,
    has_code: flag,
    has_pull_requests: flag,
  })
  .transform(
    (raw): ForgeRepository => ({
      id: raw.id,
      owner: raw.owner.login,
      name: raw.name,
      defaultBranch: raw.default_branch ?? '',
      isArchived: raw.archived === true,
      isEmpty: raw.empty === true,
      hasCode: raw.has_code !== false,
      hasPulls: raw.has_pull_requests !== false,
    }),
  );

/** A `Branch`, of which only the commit counts. */
export const branchShape = z
  .object({ commit: z.object({ id: z.string() }) })
  .transform(({ commit }): string => commit.id);

/** A `Tag`; of an annotated one the commit that it names. */
export const tagShape = z
  .object({ name: z.string(), commit: z.object({ sha: z.string() }) })
  .transform(({ name, commit }): ForgeTag => ({ name, commit: commit.sha }));
