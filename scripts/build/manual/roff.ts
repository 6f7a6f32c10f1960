/** Text as roff shows it: nothing in it is a request, an escape or a font. Beyond ASCII by code point, so that no reader has to guess an encoding. */
export function escapeText(text: string): string {
  // A name is not broken at its hyphen, where people would read two words.
  return [...text]
    .map(escapeCharacter)
    .join('')
    .replace(/\bccci-(?=[a-z])/g, 'ccci\\-');
}

/** The same for what is typed or copied: every character stays the one of ASCII. */
export function escapeCode(text: string): string {
  return [...text].map((character) => typed[character] ?? escapeCharacter(character)).join('');
}

/** Lines of words: one that begins with a dot or an apostrophe would be a request. */
export function guard(lines: string): string {
  return lines.replace(/^(?=[.'])/gm, '\\&');
}

/** An argument of a macro. */
export function quote(text: string): string {
  return `"${text.replaceAll('"', '\\(dq')}"`;
}

/** Otherwise turned into typographic ones, which no shell understands. */
const typed: Readonly<Record<string, string>> = {
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
};

function escapeCharacter(character: string): string {
  if (character === '\\') return '\\e';
  const point = character.codePointAt(0) as number;
  if (point < 0x80) return character;
  return `\\[u${point.toString(16).toUpperCase().padStart(4, '0')}]`;
}
