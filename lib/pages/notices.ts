import type { Drop, DropReason } from '../records/drop.ts';
import { code, plain } from './escape-markdown.ts';

/** Most lines of answers in one comment. */
const limit = 10;

type Answer = (drop: Drop, word: string) => string;

const answers: Partial<Readonly<Record<DropReason, Answer>>> = {
  'not-allowed': ({ detail, comment }) =>
    `${comment === undefined ? '' : `To ${code(comment.author)}: `}I run tests for members of the organisation only (${plain(detail)}). A member may write the comment for you.`,
  'not-enrolled': ({ detail }) => `I do not test this repository (${plain(detail)}).`,
  'not-a-recipe': ({ detail }) => `I could find no recipe here (${plain(detail)}).`,
  closed: (_, word) => `This pull request is closed. Reopen it and comment ${code(word)} again.`,
  grammar: ({ detail }, word) => `I did not understand that: ${plain(detail)}. ${usage(word)}`,
  help: (_, word) => usage(word),
  moved: ({ detail }) => `The commit had changed by the time I looked: ${plain(detail)}.`,
  limit: ({ detail }) => `That is too much at once: ${plain(detail)}.`,
};

/** True for what a person gets a line about; everything else is silent or has an outcome of its own. */
export function deservesAnswer({ reason, pr, comment }: Drop): boolean {
  return answers[reason] !== undefined && pr?.number !== undefined && comment !== undefined;
}

/** One explanation per person and reason, the last ones, as a list (triggers.md, Who may). */
export function noticeLines(drops: readonly Drop[], word: string): string[] {
  const once = new Map<string, string>();
  for (const drop of drops) {
    const line = answers[drop.reason]?.(drop, word);
    const who = drop.reason === 'not-allowed' ? drop.comment?.author : line;
    if (line !== undefined) once.set(`${drop.reason} ${who}`, `- ${line}`);
  }
  return [...once.values()].slice(-limit);
}

function usage(word: string): string {
  const forms = [
    word,
    `${word} --quick`,
    `${word} --stages=install,upgrade`,
    `${word} 1a2b3c4`,
    '!cancel',
    '!help',
  ];
  return `On a line of its own I know ${forms.map(code).join(', ')}. I read comments, not descriptions or reviews.`;
}
