/** One turn at a time; what wakes during a turn is one more turn behind it, however often it woke. */
export type Turns = {
  readonly wake: () => void;
  readonly isStill: () => boolean;
};

export function makeTurns(turn: () => Promise<void>, whenStill: (error: unknown) => void): Turns {
  const state = { isTurning: false, isAwake: false };
  const turnWhileAwake = async () => {
    while (state.isAwake) {
      state.isAwake = false;
      await turn();
    }
  };
  return {
    wake: () => {
      state.isAwake = true;
      if (state.isTurning) return;
      state.isTurning = true;
      const end = (error: unknown) => {
        state.isTurning = false;
        whenStill(error);
      };
      turnWhileAwake().then(() => end(null), end);
    },
    isStill: () => !state.isTurning,
  };
}
