import { visible } from '../program/visible.ts';

/** Foreign text in one line, without what steers terminals, and not too long. */
export function clean(text: string, limit: number): string {
  const line = visible(text.replace(/\s+/g, ' ').trim());
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
