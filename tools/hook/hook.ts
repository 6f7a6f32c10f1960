import type { IncomingHttpHeaders } from 'node:http';
import { enrolmentKey } from '@ccci/lib/config/enrolment.ts';
import { isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Log } from '@ccci/lib/program/log.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { handIn } from '@ccci/lib/state/inbox.ts';
import type { Conditions } from './conditions.ts';
import type { HookForge } from './forges.ts';
import { directory } from './health.ts';
import { type Hint, readHint, whyIgnored } from './hint.ts';
import { type HintOptions, judgeHint } from './judge-hint.ts';
import { type Reply, replies } from './replies.ts';
import { secretFor } from './secrets.ts';
import { isSignedWith } from './signature.ts';

/** A delivery as it came; the body is raw, as the signature is of that. */
export type Delivery = {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly signature: Buffer;
};

export type HookOptions = HintOptions & {
  /** Forges with a secret. */
  readonly forges: readonly HookForge[];
  readonly log: Log;
  readonly outcome: Outcome;
  readonly conditions: Conditions;
};

/**
 * What becomes of one delivery (triggers.md, step 3). The payload is a hint: which comment to read. 200 says that
 * nothing is to be done, or that it is durable; 503 that it could not be judged or kept now, which the poll does
 * then; 401 that no secret signed it. Never throws.
 */
export async function receive(delivery: Delivery, options: HookOptions): Promise<Reply> {
  const { conditions, forges } = options;
  const hint = readHint(delivery.body);
  const signers = hint === null ? [] : whoSigned(delivery, hint, forges);
  if (hint === null || signers.length === 0) {
    conditions.bad('signatures', unsigned);
    return replies.unsigned;
  }
  conditions.good('signatures');
  const why = whyIgnored(delivery.headers, hint);
  if (why !== null) return replies.ignored(why);
  // Two forges may share secret and name: a comment that was not meant is judged as poll would have done.
  const outcomes = await Promise.all(signers.map((forge) => lookAndKeep(forge, hint, options)));
  return outcomes.find(({ status }) => status !== 200) ?? outcomes.find(isKept) ?? outcomes[0]!;
}

const unsigned = {
  code: 'unsigned',
  message: 'deliveries are refused that no secret has signed',
  hint: 'give the webhook the word that is in the secret file of its forge, organisation or repository',
};

/** The forges whose secret signed it; those where the repository is enrolled, if it is at any of them. */
function whoSigned(
  { body, signature }: Delivery,
  { repository }: Hint,
  forges: readonly HookForge[],
): readonly HookForge[] {
  const signers = forges.filter(({ secrets }) => {
    const secret = secretFor(secrets, repository);
    return secret !== undefined && isSignedWith(secret, body, signature);
  });
  const enrolling = signers.filter(({ name, config }) => enrolmentKey(name, config, repository) !== null);
  return enrolling.length > 0 ? enrolling : signers;
}

async function lookAndKeep(forge: HookForge, hint: Hint, options: HookOptions): Promise<Reply> {
  const { state, disk, conditions, log } = options;
  const here = `forge ${forge.name}`;
  try {
    const judgement = await judgeHint(forge, hint, options);
    if (judgement.kind === 'later') {
      conditions.bad(judgement.what, judgement.trouble);
      return replies.later;
    }
    conditions.good(here, `${here} answers again`);
    if (judgement.kind === 'none') return replies.ignored(judgement.why);
    await handIn(state, judgement.record, disk);
    conditions.good(directory, `${directory} can be written again`);
    log.info(`handed in ${wordsOf(judgement.record)}`);
    return replies.kept(String(judgement.record.key));
  } catch (error) {
    return explain(error, here, options);
  }
}

function explain(error: unknown, here: string, { conditions, log, outcome }: HookOptions): Reply {
  if (error instanceof Failure) {
    conditions.bad(isForgeError(error) ? here : directory, error);
    return replies.later;
  }
  if (error instanceof DOMException && error.name === 'AbortError') return replies.later;
  // One delivery must not end the receiver for all others; the exit status tells it at the end.
  log.error(`this is a bug: ${error instanceof Error ? error.stack : String(error)}`);
  outcome.note(exitStatus.bug);
  return replies.bug;
}

function isKept({ text }: Reply): boolean {
  return text.startsWith(replies.kept('').text);
}

function wordsOf({ type, key, reason, owner, name, pr }: AnyRecord): string {
  const what = reason === undefined ? type : `${type} ${reason}`;
  return `${key}: ${what} of ${owner}/${name}#${(pr as { number: number }).number}`;
}
