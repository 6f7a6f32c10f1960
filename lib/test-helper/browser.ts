import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { after } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../browser/launch.ts';
import { notRun } from './not-run.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable'];

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

function findChromium(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return files.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The sandbox's own list of names: the app's, and those of its dependencies. */
function hostsOfRun(): { name: string; address: string }[] {
  const lines = readFileSync('/etc/hosts', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [address, name] = line.trim().split(/\s+/);
    return address === undefined || name === undefined || name === 'localhost' ? [] : [{ name, address }];
  });
}
