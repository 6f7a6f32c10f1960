import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { inkOf, isBlank } from '../pictures/ink.ts';
import { decodePng } from '../pictures/png.ts';
import type { Patience } from './patience.ts';
import type { Traffic } from './quiet.ts';

/** A picture of a page, and how much is to be seen on it. */
export type Frame = { readonly png: Buffer; readonly ink: number; readonly isSettled: boolean };

const betweenMs = 150;
const quietMs = 300;

/**
 * Takes pictures until the page is at rest: nothing is loading and two in a row are the same. A blank one is taken
 * again, because the page may not have begun to paint; of all the one that shows most is kept (L56).
 */
export async function settle(
  page: Page,
  traffic: Traffic,
  { leftMs, restlessMs, blankMs }: Patience,
): Promise<Frame> {
  const startedAt = performance.now();
  let best: Frame | null = null;
  for (let last: Buffer | null = null; ; await sleep(betweenMs)) {
    const png = await takePicture(page, leftMs());
    const isSame = last?.equals(png) ?? false;
    last = png;
    const passedMs = performance.now() - startedAt;
    const isSettled = isSame && traffic.isQuiet(quietMs);
    if (!isSettled && passedMs < restlessMs && leftMs() > restlessMs) continue;
    const frame = { png, ink: inkOf(decodePng(png)), isSettled };
    if (best === null || frame.ink >= best.ink) best = frame;
    const isOver = passedMs >= blankMs || leftMs() < restlessMs;
    if (!isBlank(best.ink) || isOver) return best;
  }
}

/** Only what fits the window, at its size; what moves is shown at its end. */
async function takePicture(page: Page, leftMs: number): Promise<Buffer> {
  return await page.screenshot({ animations: 'disabled', timeout: Math.max(1, leftMs), type: 'png' });
}
