import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import type { ForgeComment, PullHit } from '@ccci/lib/forge/types.ts';
import { interruptedBody, readMarker } from '@ccci/lib/pages/comment.ts';
import { interruptedStatus, partialContext } from '@ccci/lib/pages/status.ts';
import type { Settings } from './desk.ts';

export type LostOptions = {
  readonly client: ForgeClient;
  readonly settings: Settings;
  /** When the source was enrolled, RFC 3339: what came after it is of this state, or of nobody's. */
  readonly enrolledAt: string;
};

/**
 * Closes what a lost state left open on one pull request: comments of ours that tell of progress, and pending statuses
 * of ours on its head, are *interrupted* (triggers.md, What is history; L16). Nothing is run because of them. It looks
 * before it writes, so that it can be done again at any time.
 */
export async function closeLost(pull: PullHit, options: LostOptions): Promise<void> {
  const { client, settings } = options;
  const comments = await client.listComments(pull, pull.number);
  const me = await client.whoAmI();
  const ours = comments.filter(({ author, body }) => author?.id === me.id && readMarker(body) !== null);
  await closeComments(pull, ours, options);
  // Who never asked here, and was never answered, has no status of ours.
  if (ours.length > 0 || comments.some(({ body }) => body.includes(settings.word))) {
    await closeStatuses(pull, me.id, options);
  }
}

/** Of several, the newest stays (step 12). */
async function closeComments(
  pull: PullHit,
  ours: readonly ForgeComment[],
  { client, settings, enrolledAt }: LostOptions,
): Promise<void> {
  const before = ours.filter(({ createdAt }) => Date.parse(createdAt) < Date.parse(enrolledAt));
  const isLost = ({ body }: ForgeComment) => readMarker(body)?.kind === 'progress';
  if (!before.some(isLost)) return;
  const [newest, ...older] = [...before].sort((a, b) => b.id - a.id) as [ForgeComment, ...ForgeComment[]];
  const key = readMarker(newest.body)?.key ?? 'none';
  if (isLost(newest)) await client.editComment(pull, newest.id, interruptedBody(key, settings));
  for (const { id } of older) await client.deleteComment(pull, id);
}

async function closeStatuses(pull: PullHit, me: number, { client, settings }: LostOptions): Promise<void> {
  const sha = (await client.pull(pull, pull.number))?.head.sha ?? '';
  if (sha === '') return;
  const statuses = await client.listStatuses(pull, sha);
  for (const context of [settings.context, partialContext(settings.context)]) {
    const winner = statuses.find((status) => status.context === context);
    if (winner?.state !== 'pending' || winner.creator?.id !== me) continue;
    await client.createStatus(pull, sha, interruptedStatus(context, settings.word));
  }
}
