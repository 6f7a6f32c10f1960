import type { Membership } from './types.ts';

/**
 * Whether somebody may trigger. `no` has the reason in words; `later` is never a yes and never a no (L04): the
 * comment is kept and judged again.
 */
export type Access =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no'; readonly detail: string }
  | { readonly kind: 'later'; readonly message: string; readonly hint?: string };

export type AccessFacts = {
  readonly login: string;
  readonly organisation: string;
  /** Login names that are allowed without being asked for. */
  readonly allow: readonly string[];
  /** Asked only when the allow list does not say yes. */
  readonly membership: () => Promise<Membership>;
};

/** Members of the repository's organisation, and who is on the allow list (triggers.md, Who may). */
export async function decideAccess({ login, organisation, allow, membership }: AccessFacts): Promise<Access> {
  if (allow.some((name) => name.toLowerCase() === login.toLowerCase())) return { kind: 'yes' };
  const answer = await membership();
  if (answer === 'yes') return { kind: 'yes' };
  if (answer === 'no') {
    return { kind: 'no', detail: `${login} is not a member of ${organisation} and not on the allow list` };
  }
  if (answer === 'hidden') {
    const message = `the members of ${organisation} are hidden from the bot user, so nobody can be told to be allowed`;
    return { kind: 'later', message, hint: `make the bot user a member of ${organisation}` };
  }
  return {
    kind: 'later',
    message: `cannot tell now whether ${login} is a member of ${organisation}`,
    hint: 'the comment is kept and judged again',
  };
}
