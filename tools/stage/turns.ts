/** One turn at a time; what wakes during a turn is one more turn behind it, however often it woke. */
export type Turns = {
  readonly wake: () => void;
  readonly isStill: () => boolean;
};

export function makeTurns(turn: () => Promise<void>, whenStill: (error: unknown) => void): Turns {
  const state = { isTurning: false, isAwake: false };
  const start = () => {
    state.isTurning = true;
    state.isAwake = false;
    turn().then(() => end(null), end);
  };
  // The end of a turn and the look whether somebody woke are one step: nobody can wake in between unheard.
  const end = (error: unknown) => {
    state.isTurning = false;
    if (state.isAwake && error === null) start();
    else whenStill(error);
  };
  return {
    wake: () => {
      state.isAwake = true;
      if (!state.isTurning) start();
    },
    isStill: () => !state.isTurning,
  };
}
