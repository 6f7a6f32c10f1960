/** Characters that show nothing: ignorable by default, format and control characters, the empty Braille cell. */
const unseen = '\\p{Default_Ignorable_Code_Point}\\p{Cf}\\p{Cc}\\u2800';
const unseenPattern = new RegExp(`[${unseen}]`, 'gu');
const unprintable = new RegExp(`[${unseen}\\p{White_Space}]`, 'gu');
const bangs = '!\\uFF01\\uFE57\\uFE15';
const attempt = new RegExp(`^[\\p{White_Space}${unseen}]*[${bangs}]`, 'u');

/** Longest word that is looked at: no command is as long, and a hostile one would be costly to compose. */
export const wordLimit = 200;

/**
 * A word as it looks to a person: without what cannot be seen, and in ordinary letters for full-width and other
 * compatibility forms (NFKC). Empty when nothing of it can be seen.
 */
export function plainForm(word: string): string {
  return word.length > wordLimit ? word : word.replaceAll(unseenPattern, '').normalize('NFKC');
}

/** Cheap: whether a line begins with an exclamation mark of any form, as every command does. */
export function beginsWithBang(line: string): boolean {
  return attempt.test(line);
}

/** Words between white space, which a byte order mark is not (Unicode, White_Space). */
export function splitWords(line: string): readonly string[] {
  return line.split(/\p{White_Space}+/u).filter((word) => word !== '');
}

/** A foreign word in a sentence: short, on one line, in quotes, with what cannot be seen as `\u{…}`. */
export function quoteWord(word: string): string {
  const points = [...word.slice(0, wordLimit)];
  const short = points.length > 40 ? `${points.slice(0, 40).join('')}…` : word;
  return JSON.stringify(short).replaceAll(unprintable, (one) =>
    one === ' ' ? one : `\\u{${one.codePointAt(0)!.toString(16)}}`,
  );
}
