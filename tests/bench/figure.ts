/** What a bench found; `ratio` is ours to the peer's, and `met` when that is at most `goal`. */
export type Figure = {
  readonly bench: string;
  readonly ours: number;
  readonly peer: number;
  readonly ratio: number;
  readonly unit: string;
  /** What the peer is: a command that was measured in the same run, or a limit that was set beforehand. */
  readonly against: string;
  readonly goal: number;
  readonly met: boolean;
};

export type Measured = Omit<Figure, 'ratio' | 'met'>;

/** Rounds a measurement and sets it against its goal. */
export function figure({ bench, ours, peer, unit, against, goal }: Measured): Figure {
  const ratio = round(ours / peer, 2);
  const rounded = { ours: round(ours, 1), peer: round(peer, 1), ratio };
  return { bench, ...rounded, unit, against, goal, met: ratio <= goal };
}

/** Against a limit, in the unit of the measurement. */
export function limited(measured: Omit<Measured, 'peer' | 'against' | 'goal'>, limit: number): Figure {
  return figure({ ...measured, peer: limit, against: 'limit', goal: 1 });
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
