/** How often the page itself is asked for while nothing says that the run is over, in ms. */
const lookMs = 30_000;
const expectedMs = 1_000;

/**
 * Loads the page again when it is no longer that of a run that goes on. The records can end a moment before the page is
 * written, and a run can end without a word (a lost machine), so the page itself is what is asked, now and then.
 */
export function makeReload(): (hasEnded: boolean) => Promise<void> {
  let lookedAt = performance.now();
  return async (hasEnded) => {
    if (performance.now() - lookedAt < (hasEnded ? expectedMs : lookMs)) return;
    lookedAt = performance.now();
    const text = await pageText();
    if (text !== null && !text.includes('data-live="')) location.reload();
  };
}

async function pageText(): Promise<string | null> {
  try {
    const response = await fetch(location.href, { cache: 'no-store' });
    return response.ok ? await response.text() : null;
  } catch {
    return null;
  }
}
