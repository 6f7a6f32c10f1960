import { readFileSync } from 'node:fs';

/** What a document says that a terminal shows after a command. */
export type Told = { readonly command: string; readonly lines: readonly string[] };

/** The commands of all blocks ```` ```text ```` that begin with `$ `, each with the lines below it. */
export function readTranscripts(file: string): readonly Told[] {
  const blocks = readFileSync(file, 'utf8').matchAll(/^```text\n(\$ .*?)^```$/gms);
  return [...blocks].flatMap(([, text = '']) =>
    text
      .split(/^\$ /m)
      .slice(1)
      .map((part) => {
        const [command = '', ...lines] = part.trimEnd().split('\n');
        return { command, lines };
      }),
  );
}

/** What a document leaves out of it. */
const leftOut = '…';

/**
 * What was shown, line by line in its shape, and what is told of it: equal where the document is true. A line `…` stands
 * for any lines up to the next one that is told.
 */
export function compareShapes(
  shown: string,
  told: readonly string[],
): { readonly shown: readonly string[]; readonly told: readonly string[] } {
  const rest = shown.trimEnd().split('\n').map(shapeOf);
  const found: string[] = [];
  const shapes = told.map(shapeOf);
  for (const [index, shape] of shapes.entries()) {
    if (shape.trim() !== leftOut) {
      found.push(...rest.splice(0, 1));
      continue;
    }
    const following = shapes[index + 1];
    const next = following === undefined ? -1 : rest.indexOf(following);
    rest.splice(0, next < 0 ? rest.length : next);
    found.push(shape);
  }
  return { shown: [...found, ...rest], told: shapes };
}

/** A line without what differs from run to run and from machine to machine: times, sizes, versions, ids, folders. */
export function shapeOf(line: string): string {
  return line
    .replaceAll(/\bhand-\d{8}t\d{6}-[0-9a-f]{4}\b/g, '<run>')
    .replaceAll(/(?<=free in )\S+/g, '<folder>')
    .replaceAll(/(?<![\w.])(?:\/[^\s/]+)+(?=\/[^\s/]+)/g, '<folder>')
    .replaceAll(/\b[0-9a-f]{12}\b/g, '<commit>')
    .replaceAll(/\b\d+(?:\.\d+)? (?:s|min)\b(?: \d+ s\b)?/g, '<time>')
    .replaceAll(/\b\d+ (?:[MG]iB|(check)s?)\b/g, (_all, check = 'GiB') => `<n> ${check}`)
    .replaceAll(/\bv?\d+\.\d+[\w.+-]*/g, '<version>')
    .replaceAll(/(?<=\S) {2,}/g, '  ')
    .trimEnd();
}
