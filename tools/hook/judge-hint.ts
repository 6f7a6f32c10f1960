import { enrolmentKey } from '@ccci/lib/config/enrolment.ts';
import { makeDrop } from '@ccci/lib/forge/announce.ts';
import { parseCommand } from '@ccci/lib/forge/grammar.ts';
import { whyHistory } from '@ccci/lib/forge/history.ts';
import { judgeComment } from '@ccci/lib/forge/judge-comment.ts';
import type { ForgeComment, PullPlace } from '@ccci/lib/forge/types.ts';
import type { Stamping } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readEnrolled } from '@ccci/lib/state/enrolled.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import type { Trouble } from './conditions.ts';
import type { HookForge } from './forges.ts';
import type { Hint } from './hint.ts';

/** What came of a hint; `later` names what is wrong with what. */
export type HintJudgement =
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'record'; readonly record: AnyRecord }
  | { readonly kind: 'later'; readonly what: string; readonly trouble: Trouble };

export type HintOptions = {
  readonly state: string;
  readonly word: string;
  readonly stamping: Stamping;
  readonly disk?: Disk;
};

/**
 * Reads the comment that a payload names from its forge, and judges that: author, text, pull request and repository
 * are the forge's own words. Throws a `ForgeError`, a `Failure` of the disk, or the `AbortError`.
 */
export async function judgeHint(
  forge: HookForge,
  { repository, commentId }: Hint,
  options: HintOptions,
): Promise<HintJudgement> {
  const comment = commentId === null ? null : await forge.client.readComment(repository, commentId);
  if (comment === null) return { kind: 'none', why: 'the comment is not there' };
  // Not the payload's: the repository may have another name by now, and a payload may say anything.
  if (comment.pull === null) return { kind: 'none', why: 'not a comment on a pull request' };
  const key = enrolmentKey(forge.name, forge.config, comment.pull);
  if (key === null) return judgeStranger(forge, comment, comment.pull, options);
  const enrolledAt = (await readEnrolled(options.state, options.disk))[key];
  if (enrolledAt === undefined) return notEnrolledYet(key);
  return judgeEnrolled(forge, comment, comment.pull, { ...options, enrolledAt });
}

async function judgeEnrolled(
  { name, client, config: { allow, forks } }: HookForge,
  comment: ForgeComment,
  pull: PullPlace,
  { word, stamping, enrolledAt }: HintOptions & { readonly enrolledAt: string },
): Promise<HintJudgement> {
  const options = { client, source: 'hook', word, allow, forks, enrolledAt, stamping } as const;
  const judgement = await judgeComment({ ...pull, title: '' }, comment, options);
  if (judgement.kind === 'none') return { kind: 'none', why: 'nobody asks for anything' };
  if (judgement.kind === 'record') return judgement;
  const { message, hint, error } = judgement;
  return { kind: 'later', what: `forge ${name}`, trouble: { code: error?.code ?? message, message, hint } };
}

/** L05: a command where nothing is enrolled is a record and gets an answer, as the webhook is there on purpose. */
async function judgeStranger(
  { name: forge, client }: HookForge,
  comment: ForgeComment,
  { owner, name, number }: PullPlace,
  { word, stamping }: HintOptions,
): Promise<HintJudgement> {
  const why = `${owner}/${name} is not enrolled`;
  const isCommand = !comment.isMigrated && parseCommand(comment.body, word).kind !== 'none';
  // There is no time of enrolment, but an edit counts nowhere.
  if (!isCommand || comment.author === null || whyHistory(comment, comment.createdAt) !== null) {
    return { kind: 'none', why };
  }
  const { id, login } = comment.author;
  if ((await client.whoAmI()).id === id) return { kind: 'none', why };
  const place = {
    forge: { name: forge, url: client.url },
    source: 'hook',
    owner,
    name,
    pr: { number, title: '' },
    comment: { id: comment.id, author: login, createdAt: comment.createdAt },
  } as const;
  return { kind: 'record', record: makeDrop(place, { reason: 'not-enrolled', detail: why }, stamping) };
}

function notEnrolledYet(key: string): HintJudgement {
  const message = `${key} has no time of enrolment yet, so nobody can say what is history there`;
  const hint = 'let ccci-poll and ccci-dedupe run: the first poll enrols it';
  return { kind: 'later', what: key, trouble: { code: 'not-enrolled-yet', message, hint } };
}
