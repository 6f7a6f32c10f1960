import type { z } from 'zod';
import { forgeError } from './forge-error.ts';
import type { Reply } from './request.ts';

/** The JSON of an answer, checked and turned into our words; a `ForgeError` `unreadable` otherwise. */
export function readReply<Schema extends z.ZodType>(
  forge: string,
  reply: Reply,
  schema: Schema,
): z.output<Schema> {
  const unreadable = (why: string, cause: unknown) =>
    forgeError(
      {
        trouble: 'unreadable',
        forge,
        method: reply.ask.method,
        path: reply.ask.path,
        httpStatus: reply.status,
        retryAfterMs: null,
      },
      `gave an answer that cannot be used: ${why}`,
      { cause, hint: `check that forges.${forge}.url is the web address of a Gitea or Forgejo server` },
    );
  let value: unknown;
  try {
    value = JSON.parse(reply.body);
  } catch (error) {
    throw unreadable('it is not JSON', error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadable(`${issue?.path.join('.') || 'answer'}: ${issue?.message}`, parsed.error);
}
