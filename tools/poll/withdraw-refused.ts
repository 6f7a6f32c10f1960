import { decideAccess } from '@ccci/lib/forge/access.ts';
import { isForgeError } from '@ccci/lib/forge/forge-error.ts';
import type { Drop } from '@ccci/lib/records/drop.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import type { Source } from './sources.ts';

/** What is known of who waits, between two ticks. */
export type Standings = {
  /** Keys of triggers that were withdrawn. */
  readonly said: Set<string>;
  /** Who could not be asked about, until when nobody asks again; in milliseconds of our clock. */
  readonly notBefore: Map<string, number>;
};

/** How long nobody asks again after an answer that was neither yes nor no; those are kept by the client as long. */
const pauseMs = 60_000;

/**
 * Asks of each waiting trigger of a comment whether its author still may (triggers.md, Who may): stage, which claims
 * it, has no token to ask with. A `no` is a `drop` with the trigger's own key, said once; what is neither yes nor no
 * says nothing. At most one request for each person and minute, none when nothing waits.
 */
export async function* withdrawRefused(
  waiting: readonly Trigger[],
  sources: readonly Source[],
  { standings, stamping }: { readonly standings: Standings; readonly stamping: Stamping },
): AsyncGenerator<Drop> {
  const { said } = standings;
  const keys = new Set(waiting.map(({ key }) => key));
  for (const key of said) if (!keys.has(key)) said.delete(key);
  for (const trigger of waiting) {
    const source = sources.find(({ client }) => client.name === trigger.forge);
    if (source === undefined || said.has(trigger.key)) continue;
    const detail = await whyNot(trigger, source, { standings, stamping });
    if (detail === null) continue;
    said.add(trigger.key);
    yield withdrawn(trigger, detail, stamping);
  }
}

async function whyNot(
  { owner, comment, at }: Trigger,
  { client, allow }: Source,
  { standings: { notBefore }, stamping }: { readonly standings: Standings; readonly stamping: Stamping },
): Promise<string | null> {
  if (owner === undefined || comment === undefined) return null;
  const person = `${client.name}/${owner}/${comment.author}`.toLowerCase();
  const now = stamping.now().getTime();
  if (now < (notBefore.get(person) ?? 0)) return null;
  const membership = () => client.membership(owner, comment.author);
  const access = await decideAccess({ login: comment.author, organisation: owner, allow, membership }).catch(
    (error: unknown) => {
      if (isForgeError(error)) return { kind: 'later' } as const;
      throw error;
    },
  );
  if (access.kind === 'later') notBefore.set(person, now + pauseMs);
  else notBefore.delete(person);
  if (access.kind !== 'no') return null;
  return `${comment.author} was allowed when the comment was judged (${at}) and no longer is: not a member of ${owner} and not on the allow list`;
}

function withdrawn(
  { key, forge, owner, name, pr, comment }: Trigger,
  detail: string,
  stamping: Stamping,
): Drop {
  const place = { forge, owner, name, pr, comment };
  return stamp({ type: 'drop' as const, key, reason: 'not-allowed' as const, detail, ...place }, stamping);
}
