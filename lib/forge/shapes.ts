/** Answers of Gitea and Forgejo, only what we use, turned into our words. Source: forge-api.md, 1.7 and 3. */
import { z } from 'zod';
import type {
  ForgeComment,
  ForgePull,
  ForgeStatus,
  ForgeUser,
  FoundPull,
  PullPlace,
  RepositoryName,
  TimelineEntry,
} from './types.ts';

const instant = z.iso.datetime({ offset: true }).transform(utcSeconds);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');
const user: z.ZodType<ForgeUser> = z.object({ id: z.int(), login: z.string() });
const maybeUser = user.nullish().transform((value) => value ?? null);

/** A `User`. */
export const userShape = user;

/** A `Comment`. */
export const commentShape = z
  .object({
    id: z.int(),
    pull_request_url: text,
    body: text,
    user: maybeUser,
    original_author: text,
    original_author_id: z.int().nullish(),
    created_at: instant,
    updated_at: instant,
  })
  .transform(
    (raw): ForgeComment => ({
      id: raw.id,
      pull: pullPlace(raw.pull_request_url),
      body: raw.body,
      author: raw.user,
      isMigrated: raw.original_author !== '' || (raw.original_author_id ?? 0) !== 0,
      createdAt: raw.created_at,
      updatedAt: raw.updated_at,
    }),
  );

/** An `Issue` that is a pull request. */
export const pullHitShape = z
  .object({
    number: z.int(),
    title: text,
    state: z.string(),
    pull_request: z.object({ merged: z.boolean().nullish() }).nullish(),
    updated_at: instant,
    repository: z.object({ name: z.string(), owner: z.string() }),
  })
  .transform(
    ({ number, title, state, pull_request, updated_at, repository: { owner, name } }): FoundPull => ({
      owner,
      name,
      number,
      title,
      isOpen: state === 'open',
      isMerged: pull_request?.merged === true,
      updatedAt: updated_at,
    }),
  );

/** A `TimelineComment`. */
export const timelineShape = z
  .object({ id: z.int(), type: z.string(), body: text, user: maybeUser, created_at: instant })
  .transform(
    ({ id, type, body, user, created_at }): TimelineEntry => ({
      id,
      type,
      body,
      author: user,
      createdAt: created_at,
    }),
  );

const side = z.object({
  label: text,
  ref: z.string(),
  sha: text,
  repo_id: z.int(),
  repo: z
    .object({ id: z.int(), name: z.string(), owner: z.object({ login: z.string() }) })
    .partial({ name: true, owner: true })
    .nullish(),
});

/** A `PullRequest`. */
export const pullShape = z
  .object({
    number: z.int(),
    title: text,
    state: z.string(),
    merged: z.boolean().nullish(),
    flow: z.int().nullish(),
    base: side,
    head: side,
  })
  .transform(
    (raw): ForgePull => ({
      repository: repositoryOf(raw.base),
      number: raw.number,
      title: raw.title,
      isOpen: raw.state === 'open',
      isMerged: raw.merged === true,
      isForeign: isForeign(raw),
      base: { ref: raw.base.ref, sha: raw.base.sha },
      head: { ref: raw.head.ref, sha: raw.head.sha },
    }),
  );

/** A `CommitStatus`: what a request calls `state` is `status` here. */
export const statusShape = z
  .object({
    id: z.int(),
    status: z.string(),
    context: text,
    description: text,
    target_url: text,
    creator: maybeUser,
  })
  .transform(
    (raw): ForgeStatus => ({
      id: raw.id,
      state: raw.status,
      context: raw.context,
      description: raw.description,
      targetUrl: raw.target_url,
      creator: raw.creator,
    }),
  );

/** A Go slice that is nil comes as the word null. */
export function listOf<Shape extends z.ZodType>(shape: Shape) {
  return z
    .array(shape)
    .nullable()
    .transform((items) => items ?? []);
}

/** RFC 3339 in UTC and whole seconds: the forge sends its own time zone. */
export function utcSeconds(instant: string | Date): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

/** A comment has no number of its pull request, only its web address; hosts and the path before it may be any. */
function pullPlace(url: string): PullPlace | null {
  const [, owner, name, number] = /\/([^/]+)\/([^/]+)\/pulls\/(\d+)$/.exec(url) ?? [];
  return owner === undefined || name === undefined ? null : { owner, name, number: Number(number) };
}

type Side = z.output<typeof side>;

function repositoryOf({ repo }: Side): RepositoryName | null {
  return repo?.name === undefined || repo.owner === undefined
    ? null
    : { owner: repo.owner.login, name: repo.name };
}

/** An AGit request names the base repository as its head's, with an empty label, though anybody may send one. */
function isForeign({
  base,
  head,
  flow,
}: {
  base: Side;
  head: Side;
  flow?: number | null | undefined;
}): boolean {
  const isAgit = flow === 1 || head.label === '' || head.ref.startsWith('refs/pull/');
  return isAgit || (head.repo?.id ?? head.repo_id) !== (base.repo?.id ?? base.repo_id);
}
