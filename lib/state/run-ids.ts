/** The run id of a key's next claim: the key, then `<key>.2` and so on; none of those that are used. */
export function nextRunId(key: string, used: readonly string[]): string {
  const numbers = used.flatMap((run) => numberOf(key, run));
  return numbers.length === 0 ? key : `${key}.${Math.max(...numbers) + 1}`;
}

/** 1 for the key itself; none for a run of another key, `.control` and `.repeat` included. */
function numberOf(key: string, run: string): number[] {
  if (run === key) return [1];
  const suffix = run.startsWith(`${key}.`) ? run.slice(key.length + 1) : '';
  return /^[1-9]\d*$/.test(suffix) ? [Number(suffix)] : [];
}
