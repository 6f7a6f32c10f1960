/** True for a run id that is safe as the name of a folder: `..` and hidden names are not. */
export function isRunId(run: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{0,79}$/.test(run);
}

/** The run id that a journal names, if it is one of this key's (`<key>`, `<key>.2`); else the key. */
export function ownRunId(key: string, run: string | null): string {
  return run !== null && isRunId(run) && (run === key || run.startsWith(`${key}.`)) ? run : key;
}
