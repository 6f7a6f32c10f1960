import type { Cancel } from '../records/cancel.ts';
import type { Drop, DropReason } from '../records/drop.ts';
import { type Stamping, stamp } from '../records/encode.ts';
import { commentKey } from '../records/keys.ts';
import type { Pull, Trigger, TriggerOptions } from '../records/trigger.ts';
import type { ForgePull, TimelineEntry } from './types.ts';

/** A comment with a command, and where it stands. */
export type CommentPlace = {
  readonly forge: { readonly name: string; readonly url: string };
  /** Which source saw it. */
  readonly source: 'poll' | 'hook';
  readonly owner: string;
  readonly name: string;
  readonly pr: { readonly number: number; readonly title: string };
  readonly comment: { readonly id: number; readonly author: string; readonly createdAt: string };
};

/** The record of a comment that asks for a run; addresses are built from the configured one, never taken over. */
export function makeTrigger(
  place: CommentPlace,
  { pull, options }: { readonly pull: ForgePull; readonly options: TriggerOptions },
  stamping: Stamping,
): Trigger {
  const { key, forge, owner, name, pr, comment } = fieldsOf(place);
  return stamp(
    {
      type: 'trigger' as const,
      key,
      source: place.source,
      forge,
      owner,
      name,
      recipe: name.toLowerCase(),
      repo: `${repositoryUrl(place)}.git`,
      ref: pull.head.sha,
      pr: { ...pr, ...pullFields(pull) },
      comment,
      options,
    },
    stamping,
  );
}

/** The record of a `!cancel`. */
export function makeCancel(place: CommentPlace, pull: ForgePull, stamping: Stamping): Cancel {
  const { pr, ...fields } = fieldsOf(place);
  return stamp({ type: 'cancel' as const, ...fields, pr: { ...pr, ...pullFields(pull) } }, stamping);
}

/**
 * The record of a pull request that was closed while something waits or runs for it: `trigger` is that, `event` what
 * closed it. Comments and events share one sequence of ids, so its key is nobody else's.
 */
export function makeClosed(trigger: Trigger, event: TimelineEntry, stamping: Stamping): Cancel {
  const { forge = '', owner = '', name = '', pr } = trigger;
  if (pr === undefined) throw new TypeError(`${trigger.key} stands on no pull request`);
  const comment = {
    id: event.id,
    url: `${pr.url}#issuecomment-${event.id}`,
    author: event.author?.login ?? 'ghost',
    created: event.createdAt,
  };
  const key = commentKey(forge, event.id);
  return stamp(
    { type: 'cancel' as const, key, forge, owner, name, pr, comment, why: 'closed' as const },
    stamping,
  );
}

/** The record of a comment that will not run, with all that is needed to answer it. */
export function makeDrop(
  place: CommentPlace,
  { reason, detail }: { readonly reason: DropReason; readonly detail: string },
  stamping: Stamping,
): Drop {
  const { key, ...fields } = fieldsOf(place);
  return stamp({ type: 'drop' as const, key, reason, detail, ...fields }, stamping);
}

function fieldsOf(place: CommentPlace) {
  const { forge, owner, name, pr, comment } = place;
  const url = `${repositoryUrl(place)}/pulls/${pr.number}`;
  return {
    key: commentKey(forge.name, comment.id),
    forge: forge.name,
    owner,
    name,
    pr: { number: pr.number, url, title: pr.title },
    comment: {
      id: comment.id,
      url: `${url}#issuecomment-${comment.id}`,
      author: comment.author,
      created: comment.createdAt,
    },
  };
}

function pullFields({ isForeign, base, head }: ForgePull): Pick<Pull, 'fork' | 'base' | 'head'> {
  return { fork: isForeign, base, head };
}

/** Web address of a repository, below the configured one. */
export function repositoryUrl({
  forge,
  owner,
  name,
}: Pick<CommentPlace, 'forge' | 'owner' | 'name'>): string {
  return `${forge.url}/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
}
