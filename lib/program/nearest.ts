import { closest, distance } from 'fastest-levenshtein';

/** The known name that a person most likely meant, or undefined when none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const candidate = closest(word, known);
  const tolerated = Math.max(1, Math.floor(Math.min(word.length, candidate.length) / 2));
  return distance(word, candidate) <= tolerated ? candidate : undefined;
}

/** `; did you mean X?` or nothing, to be put behind a message. */
export function didYouMean(word: string, known: readonly string[]): string {
  const candidate = nearest(word, known);
  return candidate === undefined ? '' : `; did you mean ${candidate}?`;
}
