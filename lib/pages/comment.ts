import type { Drop } from '../records/drop.ts';
import { cutText } from '../records/encode.ts';
import { outcomeSections } from './comment-outcome.ts';
import { progressSections } from './comment-progress.ts';
import { code, plain } from './escape-markdown.ts';
import { noticeLines } from './notices.ts';
import { commitOf, type RunView } from './view.ts';
import { headline } from './words.ts';

/** Longest comment, in bytes (security.md, row comment as Markdown). */
export const commentLimit = 60_000;

export type CommentSettings = {
  /** The word that triggers: `!testme`. */
  readonly word: string;
  /** Public address of the pages. */
  readonly url?: string | undefined;
};

/** What our one comment on a pull request has to tell. */
export type Conversation = {
  /** The run that it is about; null when there are only notices. */
  readonly main: RunView | null;
  /** Runs before it and waiting ones, a line each. */
  readonly earlier: readonly RunView[];
  readonly waiting: readonly RunView[];
  /** Comments that were not acted on, and are answered here (triggers.md, step 13). */
  readonly notices: readonly Drop[];
};

export type CommentKind = 'progress' | 'outcome' | 'notice';

/** The hidden marker of our comments; ours are those with the marker and our name (security.md). */
export const markerStart = '<!-- ccci:';

export function marker(kind: CommentKind, key: string): string {
  return `${markerStart}${kind} ${key} -->`;
}

/** What a marker says: the kind of the comment and the key it was written for; null for what is none of ours. */
export function readMarker(body: string): { readonly kind: CommentKind; readonly key: string } | null {
  const found = /^<!-- ccci:(progress|outcome|notice) ([a-z0-9.-]{1,80}) -->/.exec(body);
  return found === null ? null : { kind: found[1] as CommentKind, key: String(found[2]) };
}

/** What stays of a comment about a run that nobody remembers (triggers.md, What is history; L16). */
export function interruptedBody(key: string, { word }: Pick<CommentSettings, 'word'>): string {
  const words = `⏹️ **Interrupted**: ccci lost its memory, and with it what became of this. To test again, comment ${code(word)}.`;
  return `${marker('outcome', key)}\n\n${words}\n`;
}

/** What the comment is: the outcome of a run, its progress, or only an answer to what was not acted on. */
export function commentKind({ main }: Conversation): CommentKind {
  if (main === null) return 'notice';
  return main.results === null && main.drop === null ? 'progress' : 'outcome';
}

/** Our one comment, as Markdown of at most 60 kB; of a hostile run the logs are shortened first. */
export function commentBody(conversation: Conversation, settings: CommentSettings): string {
  const key = conversation.main?.key ?? conversation.notices[0]?.key ?? 'none';
  const head = marker(commentKind(conversation), key);
  for (const lines of [30, 10, 0]) {
    const body = [head, ...sections(conversation, settings, lines)]
      .filter((part) => part !== '')
      .join('\n\n');
    if (Buffer.byteLength(body) <= commentLimit) return `${body}\n`;
  }
  const rest = `${head}\n\n${mainSentence(conversation)}`;
  return `${cutText(rest, commentLimit - 1).text}\n`;
}

/** The report of one run, as `--format markdown` prints it. */
export function runMarkdown(view: RunView, settings: CommentSettings): string {
  const alone = { main: view, earlier: [], waiting: [], notices: [] };
  return `${sections(alone, settings, 30)
    .filter((part) => part !== '')
    .join('\n\n')}\n`;
}

function sections(conversation: Conversation, settings: CommentSettings, lines: number): string[] {
  const { main, earlier, waiting, notices } = conversation;
  const about = main === null ? [] : [...mainSections(main, settings, lines)];
  const others = [...earlier.slice(-5).map(earlierLine), ...waiting.slice(0, 5).map(waitingLine)];
  return [...about, others.join('\n'), noticeLines(notices, settings.word).join('\n')];
}

function mainSections(main: RunView, settings: CommentSettings, lines: number): string[] {
  if (main.results !== null) return outcomeSections(main, main.results, { ...settings, lines });
  if (main.drop !== null) return [`⏹️ **Not tested**: ${plain(main.drop.detail)}.`];
  return progressSections(main, settings);
}

function mainSentence({ main }: Conversation): string {
  if (main?.results) return `**${plain(headline(main.results))}.** The rest does not fit into a comment.`;
  return 'What there is to tell does not fit into a comment.';
}

function earlierLine(view: RunView): string {
  const dropped = view.drop === null ? 'not tested' : `not tested: ${plain(view.drop.detail)}`;
  const said = view.results === null ? dropped : plain(headline(view.results));
  return `- Before, for ${code(commitOf(view))}: ${said} (run ${code(view.run)}).`;
}

function waitingLine(view: RunView): string {
  return `- Next: ${code(commitOf(view))} waits to be tested (run ${code(view.run)}).`;
}
