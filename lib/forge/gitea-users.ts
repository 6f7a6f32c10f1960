import { isAway, isForgeError } from './forge-error.ts';
import { joinPath } from './paths.ts';
import type { Requester } from './request.ts';
import { userShape } from './shapes.ts';
import type { ForgeUser, Membership } from './types.ts';

/** How long an answer about a membership is believed. Source: security.md, comments as denial of service. */
export const membershipMs = 60_000;

/** Who we are and who belongs to an organisation. */
export function makeUserCalls(requester: Requester, now: () => Date) {
  const known = new Map<string, { readonly answer: Membership; readonly until: number }>();
  let self: ForgeUser | undefined;
  return {
    /** The token's own user; asked once. */
    whoAmI: async (): Promise<ForgeUser> => {
      self ??= requester.read(await requester.ask({ method: 'GET', path: '/user' }), userShape);
      return self;
    },

    /**
     * Whether somebody is a member of an organisation: 204 yes, 404 no, 303 hidden, anything else later, never yes
     * (L04). A yes or no is kept for a minute. Throws a `ForgeError` only when the forge is away: then nothing more
     * is to be asked of it, and `Retry-After` counts.
     */
    membership: async (organisation: string, login: string): Promise<Membership> => {
      const key = `${organisation}/${login}`.toLowerCase();
      const kept = known.get(key);
      if (kept !== undefined && now().getTime() < kept.until) return kept.answer;
      known.delete(key);
      const answer = await askMembership(requester, organisation, login);
      if (answer === 'yes' || answer === 'no')
        known.set(key, { answer, until: now().getTime() + membershipMs });
      return answer;
    },
  };
}

async function askMembership(requester: Requester, organisation: string, login: string): Promise<Membership> {
  const path = joinPath('orgs', organisation, 'members', login);
  try {
    const { status, ask } = await requester.ask({ method: 'GET', path, accept: [303, 404] });
    if (!isMembersPath(ask.path)) return 'hidden';
    const answers: Readonly<Record<number, Membership>> = { 204: 'yes', 404: 'no', 303: 'hidden' };
    return answers[status] ?? 'later';
  } catch (error) {
    if (isForgeError(error) && !isAway(error)) return 'later';
    throw error;
  }
}

/** A renamed user or organisation is followed; to its public members nobody is, whatever the status says. */
function isMembersPath(path: string): boolean {
  return /^\/orgs\/[^/]+\/members\/[^/?]+$/.test(path);
}
