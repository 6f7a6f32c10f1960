import type { Drop, DropReason } from '../records/drop.ts';
import { code, plain } from './escape-markdown.ts';

/** Most lines of answers in one comment. */
const limit = 10;

type Answer = (drop: Drop, word: string) => string;

const refusal: Answer = ({ detail }) => `nothing was tested: ${plain(detail)}`;

const answers: Partial<Readonly<Record<DropReason, Answer>>> = {
  'not-allowed': refusal,
  'not-enrolled': refusal,
  'not-a-recipe': refusal,
  moved: refusal,
  limit: refusal,
  closed: (drop, word) => {
    const cure = drop.detail.includes('merged') ? '' : `; open it again and comment ${code(word)}`;
    return refusal(drop, word) + cure;
  },
  grammar: ({ detail }) => plain(detail),
  help: (_, word) => usage(word),
};

/** What a person may not, or not so often: explained once per person (security.md, comments as denial of service). */
const refusals: readonly DropReason[] = ['not-allowed', 'not-enrolled', 'not-a-recipe', 'limit'];

/** True for a refusal of the person who asked, rather than of what was asked for. */
export function isRefusal({ reason }: Pick<Drop, 'reason'>): boolean {
  return refusals.includes(reason);
}

/** True for what a person gets a line about; everything else is silent or has an outcome of its own. */
export function deservesAnswer({ reason, pr, comment }: Drop): boolean {
  return answers[reason] !== undefined && pr?.number !== undefined && comment !== undefined;
}

/** One explanation per person and reason, the last ones, as a list (triggers.md, Who may). */
export function noticeLines(drops: readonly Drop[], word: string): string[] {
  const once = new Map<string, string>();
  for (const drop of drops) {
    const said = answers[drop.reason]?.(drop, word);
    if (said === undefined) continue;
    const who = drop.comment?.author ?? '';
    const line = `- ${who === '' ? '' : `To ${code(who)}: `}${said}.`;
    once.set(isRefusal(drop) ? `${drop.reason} ${who}` : line, line);
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
  return `on a line of its own in a new comment, ${forms.map(code).join(', ')}; descriptions and reviews are not read`;
}
