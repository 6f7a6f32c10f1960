import { type Answer, readAnswer, writeAnswer } from '@ccci/lib/state/answers.ts';
import type { Disk } from '@ccci/lib/state/files.ts';
import { z } from 'zod';

/** A status that was posted, or is about to be (`id` null): the intent is noted first (triggers.md, step 12). */
const statusSchema = z.looseObject({
  state: z.enum(['pending', 'success', 'failure', 'error']),
  description: z.string(),
  target: z.string(),
  id: z.int().nullable(),
});

/** Our comment as it was last written; `hash` is of its text. */
const commentSchema = z.looseObject({
  kind: z.enum(['progress', 'outcome', 'notice']),
  id: z.int().nullable(),
  hash: z.string(),
});

/** What was posted for one key; `final`: nothing is left to post. */
export const reportAnswerSchema = z.looseObject({
  key: z.string(),
  final: z.boolean(),
  forge: z.string(),
  owner: z.string(),
  name: z.string(),
  pr: z.int(),
  reacted: z.boolean(),
  statuses: z.array(statusSchema),
  /** Whether the last status was read back and found to be the one that counts. */
  checked: z.boolean(),
  /** Comments of ours that were written under this key and are not known to be gone. */
  comments: z.array(commentSchema),
  /** How often a comment of ours was found to be deleted by somebody else. */
  gone: z.int().nonnegative().optional(),
  /** Whether people have been told the outcome, or the answer to a comment that was not acted on. */
  told: z.boolean(),
  /** What the forge refuses for good: `status`, `comment`, `reaction`. */
  refused: z.array(z.string()),
  page: z.string().nullable(),
});
export type NotedStatus = z.infer<typeof statusSchema>;
export type NotedComment = z.infer<typeof commentSchema>;
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;

export type Place = {
  readonly forge: string;
  readonly owner: string;
  readonly name: string;
  readonly number: number;
};

/** The noted answer, or an empty one; one of another shape counts as empty: then the forge is looked at first. */
export async function openAnswer(state: string, key: string, place: Place): Promise<ReportAnswer> {
  const noted = reportAnswerSchema.safeParse(await readAnswer(state, key));
  if (noted.success) return noted.data;
  const { forge, owner, name, number } = place;
  return {
    key,
    final: false,
    forge,
    owner,
    name,
    pr: number,
    reacted: false,
    statuses: [],
    checked: false,
    comments: [],
    told: false,
    refused: [],
    page: null,
  };
}

/** Notes an answer durably. */
export async function saveAnswer(state: string, answer: ReportAnswer, disk?: Disk): Promise<void> {
  await writeAnswer(state, answer.key, answer as Answer, disk);
}
