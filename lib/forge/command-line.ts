import { readOptions } from './command-options.ts';
import type { Command } from './grammar.ts';
import { beginsWithBang, plainForm, splitWords } from './plain-form.ts';

/** Commands besides the configured word; nothing may follow them. */
const others = { '!cancel': { kind: 'cancel' }, '!help': { kind: 'help' } } as const;

/** How many things that are wrong with a line are named; the others are counted. */
const toldLimit = 3;

/**
 * Reads one line as a command; `none` where it is not even an attempt. What looks like a command to a person but
 * holds characters that cannot be seen, or other than the ordinary ones, is `grammar`: nobody must wonder why
 * nothing happened.
 */
export function readCommandLine(line: string, word: string): Command {
  if (!beginsWithBang(line)) return { kind: 'none' };
  const words = splitWords(line);
  const at = words.findIndex((one) => plainForm(one) !== '');
  const head = words[at];
  if (head === undefined) return { kind: 'none' };
  const rest = words.slice(at + 1);
  const other = readOther({ head, rest, isWhole: words.length === 1 });
  if (other !== null) return other;
  if (plainForm(head).toLowerCase() !== plainForm(word).toLowerCase()) return { kind: 'none' };
  const { options, problems, form } = readOptions(rest);
  const all = [...problemsOfWord(head, word, at > 0), ...problems];
  if (all.length === 0) return { kind: 'trigger', options };
  return refuse(all, [word, ...form].join(' '));
}

type Parts = { readonly head: string; readonly rest: readonly string[]; readonly isWhole: boolean };

/** `!cancel` and `!help`, null where it is neither. */
function readOther({ head, rest, isWhole }: Parts): Command | null {
  const plain = plainForm(head);
  if (!Object.hasOwn(others, plain) || rest.some((one) => plainForm(one) !== '')) return null;
  const name = plain as keyof typeof others;
  return isWhole && head === name ? others[name] : refuse([notOrdinary], name);
}

const notOrdinary = 'the line holds characters that cannot be seen or are not the ordinary ones';

function problemsOfWord(head: string, word: string, isAfterUnseen: boolean): string[] {
  if (isAfterUnseen || head.toLowerCase() !== word.toLowerCase()) return [notOrdinary];
  return head === word ? [] : [`the word is written ${word}`];
}

function refuse(problems: readonly string[], form: string): Command {
  const more = problems.length - toldLimit;
  const told = [...problems.slice(0, toldLimit), ...(more > 0 ? [`${more} more of the kind`] : [])];
  return { kind: 'grammar', detail: `${told.join('; ')}; the nearest valid form is ${form}` };
}
