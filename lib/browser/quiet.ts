import type { Page, Request } from 'playwright-core';

/** Requests that a page may leave open for as long as it lives. */
const endless: readonly string[] = ['eventsource', 'websocket', 'ping', 'media'];

export type Traffic = {
  /** Whether the page has asked for nothing, and waited for nothing, for so long. */
  readonly isQuiet: (forMs: number) => boolean;
};

/** Follows what a page loads. */
export function watchTraffic(page: Page): Traffic {
  const open = new Set<Request>();
  let lastAt = performance.now();
  const note = (change: (request: Request) => void) => (request: Request) => {
    if (endless.includes(request.resourceType())) return;
    change(request);
    lastAt = performance.now();
  };
  page.on(
    'request',
    note((request) => open.add(request)),
  );
  page.on(
    'requestfinished',
    note((request) => open.delete(request)),
  );
  page.on(
    'requestfailed',
    note((request) => open.delete(request)),
  );
  return { isQuiet: (forMs) => open.size === 0 && performance.now() - lastAt >= forMs };
}
