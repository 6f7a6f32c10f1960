/**
 * Aborted by the first SIGINT, SIGTERM or SIGHUP, with the exit status as reason: there is a box to take down, so the
 * program ends by itself, soon.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  process.on('SIGINT', () => controller.abort(130));
  process.on('SIGTERM', () => controller.abort(143));
  process.on('SIGHUP', () => controller.abort(129));
  return controller.signal;
}
