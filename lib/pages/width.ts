/** Two columns wide on a terminal: East Asian letters, and signs that are shown as pictures. */
const wide =
  /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]/u;
/** No column of their own: accents that stand on the letter before, and signs that join. */
const none = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** How many columns of a terminal a text takes. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += none.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return columns;
}

/** Cuts to so many columns, and shows that it was cut. */
export function fit(text: string, columns: number): string {
  return columnsOf(text) <= columns ? text : `${take(text, columns - 1)}…`;
}

/** Breaks at blanks into lines of at most so many columns; a longer word is broken where the line ends. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (columnsOf(longer) <= columns) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (columnsOf(line) > columns) {
      const first = take(line, columns);
      lines.push(first);
      line = line.slice(first.length);
    }
  }
  return [...lines, line];
}

/** The longest beginning that fits; never nothing, so that who breaks a text comes to its end. */
function take(text: string, columns: number): string {
  let taken = '';
  for (const character of text) {
    if (taken !== '' && columnsOf(taken) + columnsOf(character) > columns) break;
    taken += character;
  }
  return taken;
}
