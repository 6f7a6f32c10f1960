import type { TriggerOptions } from '../records/trigger.ts';
import { readCommandLine } from './command-line.ts';
import { beginsWithBang } from './plain-form.ts';
import { spokenLines } from './spoken-lines.ts';

/** Longest body that is looked at, in bytes; source: security.md, comments as denial of service. */
export const bodyLimit = 64 * 1024;

/** What a comment asks for; `detail` names what is wrong and the nearest valid form. */
export type Command =
  | { readonly kind: 'none' }
  | { readonly kind: 'trigger'; readonly options: TriggerOptions }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'help' }
  | { readonly kind: 'grammar'; readonly detail: string };

/**
 * Reads the command of a comment: the first line that is exactly one, outside quotes, code, HTML and links (L10).
 * A line that only tries to be one (`grammar`) counts when no line is one. An ordinary comment is never parsed as
 * Markdown. `word` is the configured word with its exclamation mark. Source: triggers.md, Grammar.
 */
export function parseCommand(body: string, word: string): Command {
  if (Buffer.byteLength(body, 'utf8') > bodyLimit) return { kind: 'none' };
  const isWanted = (line: string) => beginsWithBang(line) && readCommandLine(line, word).kind !== 'none';
  const found = spokenLines(body, isWanted).map((line) => readCommandLine(line, word));
  return found.find((command) => command.kind !== 'grammar') ?? found[0] ?? { kind: 'none' };
}
