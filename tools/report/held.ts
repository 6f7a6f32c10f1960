/** One go at a pull request, and what of it has to wait because something was written over a moment ago. */
export type Held = {
  /** How long edits have to wait; 0 when they may be made. */
  ms: number;
  /** One would have been made. */
  isDue: boolean;
  /** One was made. */
  isMade: boolean;
};
