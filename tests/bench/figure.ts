/** What a bench found; `ratio` is ours to the peer's, and `met` when that is at most `goal`. */
export type Figure = {
  readonly bench: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly unit: string;
  readonly goal: number;
  readonly met: boolean;
};

/** Rounds a measurement and sets it against its goal. */
export function figure({ bench, ours, peer, unit, goal }: Omit<Figure, 'ratio' | 'met'>): Figure {
  const ratio = round(ours / peer, 2);
  return { bench, ours: round(ours, 1), peer: round(peer, 1), ratio, unit, goal, met: ratio <= goal };
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
