/** Measures a length of time in whole milliseconds, whatever is done to the clock meanwhile; never below 0. */
export function startStopwatch(): () => number {
  const startedAt = performance.now();
  return () => Math.round(performance.now() - startedAt);
}
