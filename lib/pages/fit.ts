/** How text is set: its size in pixels, and whether it is bold. */
export type Type = { readonly size: number; readonly bold?: boolean };

const more = '…';

/** Cuts a text to a width in pixels, and shows that it was cut. Widths are those of DejaVu Sans, about. */
export function fit(text: string, width: number, type: Type): string {
  if (widthOf(text, type) <= width) return text;
  return `${beginning(text, width - widthOf(more, type), type).trimEnd()}${more}`;
}

/** As much of a text as a width has room for. */
function beginning(text: string, width: number, type: Type): string {
  let used = 0;
  let kept = '';
  for (const letter of text) {
    used += widthOf(letter, type);
    if (used > width) return kept;
    kept += letter;
  }
  return kept;
}

/** Breaks a text into lines of a width, at blanks where there are any; what is too much is cut. */
export function wrap(text: string, lines: number, width: number, type: Type): string[] {
  const broken: string[] = [];
  let rest = text.trim();
  while (rest !== '' && broken.length < lines - 1) {
    const line = firstLine(rest, width, type);
    broken.push(line);
    rest = rest.slice(line.length).trimStart();
  }
  return rest === '' ? broken : [...broken, fit(rest, width, type)];
}

function firstLine(text: string, width: number, type: Type): string {
  const kept = beginning(text, width, type);
  if (kept === text || text.charAt(kept.length) === ' ') return kept;
  const blank = kept.lastIndexOf(' ');
  const longest = blank > kept.length / 2 ? kept.slice(0, blank) : kept;
  return longest === '' ? text.slice(0, 1) : longest;
}

/** About how wide a text is, in pixels. */
export function widthOf(text: string, { size, bold = false }: Type): number {
  const ems = [...text].reduce((sum, letter) => sum + emsOf(letter), 0);
  return ems * size * (bold ? 1.08 : 0.95);
}

function emsOf(letter: string): number {
  if (/[ijl.,:;'|!()[\] /\\-]/.test(letter)) return 0.37;
  if (/[mwMW@%—…]/.test(letter)) return 0.98;
  if (/[a-z0-9]/.test(letter)) return 0.62;
  if (/[A-Z]/.test(letter)) return 0.72;
  return letter.codePointAt(0)! >= 0x2e80 ? 1.05 : 0.75;
}
