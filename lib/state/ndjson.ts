import type { AnyRecord } from '../records/types.ts';

/** The objects of an appended file; a line that a crash tore is passed over. */
export function parseLines(content: string): AnyRecord[] {
  return content.split('\n').flatMap((line) => {
    const value = parseLine(line);
    return value === undefined ? [] : [value];
  });
}

/** True where the last append did not come to its end. */
export function isTorn(content: string): boolean {
  return content !== '' && !content.endsWith('\n');
}

function parseLine(line: string): AnyRecord | undefined {
  if (line === '') return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as AnyRecord) : undefined;
  } catch {
    return undefined;
  }
}
