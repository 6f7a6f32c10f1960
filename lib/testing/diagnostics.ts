/** How a skip's reason begins where the test should have run and could not; also in lib/test-helper/python. */
const notRunPrefix = 'ccci-not-run: ';
/** By this code a failed point says the same: what `app.notRun` of the helper throws. */
const notRunCode = 'CCCI_NOT_RUN';

/** What the words of a skip are without that beginning; null for a skip that was meant. Pure. */
export function notRunReason(words: string): string | null {
  return words.startsWith(notRunPrefix) ? words.slice(notRunPrefix.length) : null;
}

/** Whether the block of diagnostics says that the test did not run. Pure. */
export function isNotRun(diagnostics: unknown): boolean {
  return (diagnostics as { code?: unknown } | null)?.code === notRunCode;
}

/** What producers say besides the reason, and nobody wants to read. */
const noise: readonly string[] = ['duration_ms', 'type', 'code', 'failureType', 'name', 'exitCode', 'signal'];

/**
 * The block of diagnostics behind a test point in words: the reason first, then whatever else the test's author wrote,
 * the stack last. Empty where there is none. Pure.
 */
export function describeDiagnostics(diagnostics: unknown): string {
  if (typeof diagnostics !== 'object' || diagnostics === null) return '';
  const { error, message, reason, stack, ...rest } = diagnostics as Record<string, unknown>;
  const words = [error, message, reason].filter((part) => typeof part === 'string' && part !== '');
  const details = Object.entries(rest).filter(([key, value]) => !noise.includes(key) && value != null);
  const lines = details.map(
    ([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [...words, ...lines, ...(typeof stack === 'string' ? [stack] : [])].join('\n');
}
