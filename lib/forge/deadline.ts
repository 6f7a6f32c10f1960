/**
 * Runs `work` with a signal that aborts when `signal` does or when the time is over; the reason of the latter is
 * an error named `TimeoutError`. By hand instead of `AbortSignal.any`, which holds on to every signal that was
 * ever joined to a long-lived one.
 */
export async function withDeadline<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const stop = () => controller.abort(signal.reason);
  const late = () => controller.abort(new DOMException(`no answer within ${timeoutMs} ms`, 'TimeoutError'));
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(late, timeoutMs);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
