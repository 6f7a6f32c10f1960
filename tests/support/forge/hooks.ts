/** What tests do with webhooks. */
import { type Delivered, deliverPayload, type HookTarget } from './deliver.ts';
import { findEntry, repositoryById } from './find.ts';
import { type CommentEvent, webhookPayload } from './shapes/webhook.ts';
import { changed, type Entry, type Issue, type Store } from './store.ts';

/** One delivery of a webhook that sends by itself. */
export type LoggedDelivery = Delivered & { readonly commentId: number };

/** A webhook that sends by itself. */
export type Hook = {
  /** In the order in which they were answered. */
  readonly deliveries: readonly LoggedDelivery[];
  /** Resolves when everything that was commented so far has been sent and answered, or given up. */
  readonly idle: () => Promise<void>;
  /** No new comment is sent any more. */
  readonly stop: () => void;
};

export type Hooks = {
  /** The payload of a comment's webhook, as it is now; for one of a deleted comment, ask before deleting. */
  readonly payload: (commentId: number, event?: Partial<CommentEvent>) => string;
  /** Delivers the webhook of a comment, or a payload that was made before, once. */
  readonly deliver: (what: number | string, target: HookTarget) => Promise<Delivered>;
  /**
   * From now on delivers each new comment of an organisation (or of all), as Gitea does: a few at a time, each once,
   * 5 s, and never again. `hasPull: false` spares the forge the questions to git.
   */
  readonly addHook: (target: AutomaticTarget) => Hook;
};

type AutomaticTarget = HookTarget & Pick<CommentEvent, 'hasPull'> & { readonly owner?: string };

/** Deliveries at a time of one webhook. */
const workers = 4;

/** The verbs for webhooks. */
export function hooks(store: Store): Hooks {
  const payload = (id: number, event: Partial<CommentEvent> = {}) => {
    const found = findEntry(store, id);
    if (found === undefined) throw new Error(`the forge has no comment ${id}`);
    return webhookPayload(store, found, { action: 'created', ...event });
  };
  return {
    payload,
    deliver: (what, target) => {
      const text = typeof what === 'number' ? payload(what) : what;
      return deliverPayload(text, target, eventOf(text));
    },
    addHook: (target) => addHook(store, payload, target),
  };
}

function addHook(
  store: Store,
  payload: Hooks['payload'],
  { owner, hasPull, ...target }: AutomaticTarget,
): Hook {
  const deliveries: LoggedDelivery[] = [];
  const waiting: { readonly commentId: number; readonly text: string }[] = [];
  const working = new Set<Promise<void>>();
  let active = 0;
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const delivered = await deliverPayload(next.text, target, eventOf(next.text));
      deliveries.push({ commentId: next.commentId, ...delivered });
      changed(store);
    }
    active -= 1;
  };
  const onComment = ({ issue, entry }: { readonly issue: Issue; readonly entry: Entry }) => {
    const repository = repositoryById(store, issue.repositoryId);
    if (owner !== undefined && repository?.owner.toLowerCase() !== owner.toLowerCase()) return;
    waiting.push({ commentId: entry.id, text: payload(entry.id, { hasPull }) });
    if (active >= workers) return;
    active += 1;
    const worker = work().finally(() => working.delete(worker));
    working.add(worker);
  };
  store.events.on('comment', onComment);
  return {
    deliveries,
    stop: () => void store.events.off('comment', onComment),
    idle: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}

/** Gitea's event and its finer type: comments on issues and on pull requests share the event. */
function eventOf(payload: string): { readonly event: string; readonly type: string } {
  const { is_pull: isPull } = JSON.parse(payload) as { is_pull: boolean };
  return { event: 'issue_comment', type: isPull ? 'pull_request_comment' : 'issue_comment' };
}
