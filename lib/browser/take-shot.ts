import type { Browser, BrowserContext, Page } from 'playwright-core';
import { isBlank } from '../pictures/ink.ts';
import { look } from './look.ts';
import type { Patience } from './patience.ts';
import { watchTraffic } from './quiet.ts';
import { settle } from './settle.ts';
import { type Shot, viewport } from './shot.ts';
import { within } from './within.ts';

/**
 * Opens a page and takes a picture of what it shows when it is at rest. A page that shows credentials, or asks for
 * them in a box of the browser's, is none to keep. Whatever the page does is an answer, or an error that says so.
 */
export async function takeShot(browser: Browser, url: string, limits: Patience): Promise<Shot> {
  const context = await browser.newContext({
    viewport,
    deviceScaleFactor: 1,
    reducedMotion: 'reduce',
    colorScheme: 'light',
    locale: 'en-US',
    timezoneId: 'UTC',
    acceptDownloads: false,
    serviceWorkers: 'block',
  });
  const page = await onePage(context);
  const traffic = watchTraffic(page);
  const status = await open(page, url, limits);
  if (status === 401) return { none: 'the page asks for credentials (401)' };
  const before = await look(page, limits.lookMs);
  const frame = await settle(page, traffic, limits);
  const after = await look(page, limits.lookMs);
  if (before.hasPassword || after.hasPassword) return { none: 'the page shows a password that is filled in' };
  const notes = [
    ...(isBlank(frame.ink) ? ['the page is blank'] : []),
    ...(frame.isSettled ? [] : ['the page was not at rest']),
  ];
  return { png: frame.png.toString('base64'), text: `${before.text}\n${after.text}`, notes };
}

/** The one page that there is: what it opens besides is closed, what it asks in a box is declined. */
async function onePage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.on('dialog', (dialog) => void dialog.dismiss().catch(() => {}));
  context.on('page', (other) => void other.close().catch(() => {}));
  return page;
}

/** Waits for the page's own `load`, and says the status of the answer; one that never comes to it is looked at as it is. */
async function open(page: Page, url: string, { leftMs, loadMs }: Patience): Promise<number> {
  const crashed = new Promise<never>((_resolve, reject) => {
    page.on('crash', () => reject(new Error('the page made Chromium crash')));
  });
  crashed.catch(() => {});
  const limitMs = Math.min(loadMs, leftMs());
  const going = page.goto(url, { waitUntil: 'commit', timeout: limitMs }).catch((error: Error) => {
    // The browser's own box for a name and a password, which nobody fills in.
    if (error.message.includes('ERR_INVALID_AUTH_CREDENTIALS')) return { status: () => 401 };
    throw error;
  });
  const answer = await Promise.race([going, crashed]);
  const loaded = page.waitForLoadState('load', { timeout: limitMs }).catch(() => {});
  await within(Promise.race([loaded, crashed]), limitMs + 1_000, 'loading the page');
  return answer?.status() ?? 0;
}
