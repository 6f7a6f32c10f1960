import type { IncomingHttpHeaders } from 'node:http';
import type { RepositoryName } from '@ccci/lib/forge/types.ts';
import { z } from 'zod';

/** What a payload says that is looked at; everything else is read from the forge. */
export type Hint = {
  readonly repository: RepositoryName;
  readonly action: string;
  /** Null for an event without one. */
  readonly commentId: number | null;
};

/** Longest name that is believed to be one; Gitea's are at most 100 characters long. */
const part = '(?!\\.{1,2}(?:/|$))[\\w.-]{1,100}';

const payloadShape = z.object({
  action: z.string().catch(''),
  repository: z.object({ full_name: z.string().regex(new RegExp(`^${part}/${part}$`)) }),
  comment: z.object({ id: z.int().positive() }).nullish().catch(null),
});

/** Reads a payload, which may be anything; null where it names no repository, so that no secret can be looked for. */
export function readHint(body: Buffer): Hint | null {
  const parsed = payloadShape.safeParse(parseJson(body));
  if (!parsed.success) return null;
  const { action, repository, comment } = parsed.data;
  const [owner = '', name = ''] = repository.full_name.split('/');
  return { repository: { owner, name }, action, commentId: comment?.id ?? null };
}

/** Why a delivery asks for nothing, in words; null for a new comment on a pull request (forge-api.md, 4; L09). */
export function whyIgnored(headers: IncomingHttpHeaders, { action, commentId }: Hint): string | null {
  const event = headers['x-gitea-event'] ?? headers['x-forgejo-event'];
  const type = headers['x-gitea-event-type'] ?? headers['x-forgejo-event-type'];
  // A review's comment has the event `pull_request_comment`: only both together are what is meant.
  if (event !== 'issue_comment' || type !== 'pull_request_comment') return 'not a comment on a pull request';
  if (action !== 'created') return 'only a comment being created counts';
  return commentId === null ? 'the payload names no comment' : null;
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
