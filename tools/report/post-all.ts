import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { attempt, type Context } from './attempt.ts';
import { type Entry, note } from './entry.ts';
import { postComment } from './post-comment.ts';
import { postStatus } from './post-status.ts';
import { isOpen, type Shared } from './share.ts';
import { oneOfEach, tellersOf, tellings, tellMembers } from './tellings.ts';

/** All that is known of one pull request. */
export type Everything = { readonly entries: readonly Entry[]; readonly groups: readonly Shared[] };
type With = { readonly client: ForgeClient; readonly context: Context };

/** Status and reaction of what waits or runs. */
export async function acknowledge(
  shared: Shared,
  entries: readonly Entry[],
  { client, context }: With,
): Promise<void> {
  const { desk, held } = context;
  const work = { shared, all: entries, held };
  await attempt(shared.members, 'status', () => postStatus(work, client, desk), context);
  for (const entry of shared.members) await reactTo(entry, client, context);
}

/** Posts what the forge does not say yet: statuses, reactions, and a comment for each outcome. */
export async function postAll(
  { entries, groups }: Everything,
  client: ForgeClient,
  context: Context,
): Promise<void> {
  const { desk } = context;
  // A verdict first: a pending status of the same commit goes over it then (L07).
  const open = groups.filter(isOpen);
  const isOver = ({ lead }: Shared) => lead.state === 'over';
  for (const shared of [...open.filter(isOver), ...open.filter((one) => !isOver(one))]) {
    await acknowledge(shared, entries, { client, context });
  }
  const rest = entries.filter(({ record, answer }) => record.type !== 'trigger' && !answer.final);
  for (const entry of rest) await reactTo(entry, client, context);
  for (const told of tellings(oneOfEach(entries, groups))) {
    const tellers = tellersOf(told);
    const post = () => postComment(told, { all: entries, held: context.held }, client, desk);
    await attempt(tellers, 'comment', post, context);
    await tellMembers(groups, desk);
  }
}

async function reactTo(entry: Entry, client: ForgeClient, context: Context): Promise<void> {
  const { record, answer, place } = entry;
  const { comment } = record;
  if (answer.reacted || answer.final || comment === undefined) return;
  const isRefusal = record.type === 'drop' && record.reason !== 'help';
  const react = async () => {
    await client.addReaction(place, comment.id, isRefusal ? 'confused' : 'eyes');
    await note(entry, context.desk, { reacted: true });
  };
  await attempt([entry], 'reaction', react, context);
}
