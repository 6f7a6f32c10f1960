import { readFileSync, writeSync } from 'node:fs';
import { messageOf } from '../program/failure.ts';
import { launchBrowser } from './launch.ts';
import { findChromium, hostsOfRun } from './machine.ts';
import { patience } from './patience.ts';
import type { Shot, ShotRequest } from './shot.ts';
import { takeShot } from './take-shot.ts';
import { within } from './within.ts';

// The program that takes a picture of a page, inside the sandbox (`takeScreenshot`); built into dist/browser. It asks on
// standard input what to open and answers on descriptor 3, once.
const closeMs = 2_000;
/** A page that takes more memory than this for its scripts crashes alone, in MiB. */
const heapMb = 256;

const request = JSON.parse(readFileSync(0, 'utf8')) as ShotRequest;
const limits = patience(request.limitMs, () => performance.now());
const shot = await shoot().catch((error: unknown): Shot => ({ none: firstLine(messageOf(error)) }));
answer(JSON.stringify(shot));

async function shoot(): Promise<Shot> {
  const executable = findChromium();
  if (executable === null) return { none: 'there is no Chromium on this machine', isChromiumMissing: true };
  const switches = [`--js-flags=--max-old-space-size=${heapMb}`];
  const browser = await launchBrowser({
    executable,
    hosts: hostsOfRun(),
    switches,
    timeoutMs: limits.leftMs(),
  });
  try {
    return await within(takeShot(browser, request.url, limits), limits.leftMs(), 'the page');
  } finally {
    await within(browser.close(), closeMs, 'closing').catch(() => {});
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? '';
}

/** A pipe takes a part at a time. */
function answer(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) at += writeSync(3, bytes, at);
}
