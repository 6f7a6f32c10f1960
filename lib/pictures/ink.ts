import type { Picture } from './png.ts';

/** Fewer pixels than these, of a million, are no page: a word in small letters has more. */
const blankBelow = 100 / 1_000_000;

/**
 * How much of a picture is not its ground, 0 to 1: the pixels that are of another colour than the one that is seen
 * most. Colours that an eye hardly tells apart count as one.
 */
export function inkOf({ rgb }: Picture): number {
  const counts = new Uint32Array(32 ** 3);
  const pixels = rgb.length / 3;
  for (let at = 0; at < rgb.length; at += 3) {
    const colour = ((rgb[at]! >> 3) << 10) | ((rgb[at + 1]! >> 3) << 5) | (rgb[at + 2]! >> 3);
    counts[colour]! += 1;
  }
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return pixels === 0 ? 0 : (pixels - most) / pixels;
}

/** Whether nothing is to be seen: a page before its first paint (L56). */
export function isBlank(ink: number): boolean {
  return ink < blankBelow;
}
