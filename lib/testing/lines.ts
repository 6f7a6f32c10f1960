/** Longest line that is passed on in one piece, characters. */
const longest = 16 * 1024;

/** Cuts text that comes in pieces into lines; a very long one is passed on in pieces, so memory stays bounded. */
export function makeLines(onLine: (line: string) => void) {
  let rest = '';
  const passOn = (line: string) => {
    for (let from = 0; from === 0 || from < line.length; from += longest)
      onLine(line.slice(from, from + longest));
  };
  return {
    add: (text: string): void => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) passOn(line.replace(/\r$/, ''));
      while (rest.length > longest) {
        onLine(rest.slice(0, longest));
        rest = rest.slice(longest);
      }
    },
    end: (): void => {
      if (rest !== '') onLine(rest);
      rest = '';
    },
  };
}
