import { canWrite } from '../access.ts';
import { type Answer, empty, json, problem } from '../answers.ts';
import { type Call, type CommentTarget, forComment } from '../call.ts';
import type { Route } from '../route.ts';
import { reactionShape } from '../shapes/comment.ts';
import { addReaction, removeReaction } from '../write-comment.ts';
import { allowedReactions } from './meta.ts';

const scope = 'issue';
const path = '/repos/{owner}/{repo}/issues/comments/{id}/reactions';

/** Reactions on comments; reading rights are enough to react. */
export const reactionRoutes: readonly Route[] = [
  { method: 'GET', path, scope, handle: forComment(list) },
  { method: 'POST', path, scope, handle: forComment(add) },
  { method: 'DELETE', path, scope, handle: forComment(remove) },
];

/** An array, or the word null where there is none (a nil slice in Go). */
function list({ store }: Call, { entry }: CommentTarget): Answer {
  const shapes = entry.reactions.map((reaction) => reactionShape(store, reaction));
  return json(200, shapes.length > 0 ? shapes : null);
}

function add(call: Call, target: CommentTarget): Answer {
  const { entry } = target;
  const content = String(call.body?.content ?? '');
  if (isLockedFor(call, target)) return problem(403, 'no permission to change reaction');
  if (!allowedReactions.includes(content)) return problem(403, `'${content}' is not an allowed reaction`);
  const isNew = addReaction(call.store, entry, call.asker!, content);
  const reaction = entry.reactions.find(
    (one) => one.accountId === call.asker!.id && one.content === content,
  )!;
  return json(isNew ? 201 : 200, reactionShape(call.store, reaction));
}

/** 200 with an empty body, where one would expect 204. */
function remove(call: Call, target: CommentTarget): Answer {
  if (isLockedFor(call, target)) return problem(403, 'no permission to change reaction');
  removeReaction(call.store, target.entry, call.asker!, String(call.body?.content ?? ''));
  return empty(200);
}

function isLockedFor({ store, asker }: Call, { repository, issue }: CommentTarget): boolean {
  return issue.isLocked && !canWrite(store, asker, repository);
}
