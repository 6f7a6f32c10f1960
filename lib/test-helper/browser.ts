import { after } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../browser/launch.ts';
import { findChromium, hostsOfRun } from '../browser/machine.ts';
import { notRun } from './not-run.ts';

let opened: Promise<Browser> | undefined;

/** The browser of this test file; a machine without one is no fault of the app. */
export function openBrowser(): Promise<Browser> {
  const executable = findChromium();
  if (executable === null) notRun('there is no Chromium on this machine: install chromium');
  opened ??= launchBrowser({ executable, hosts: hostsOfRun() });
  return opened;
}

// Without it an open browser would keep the test file from ending.
after(async () => {
  const browser = await opened?.catch(() => undefined);
  await browser?.close();
});
