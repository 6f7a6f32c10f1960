import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { LaunchOptions } from './launch.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable'];

/** Chromium on `PATH`; null where there is none. */
export function findChromium(): string | null {
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
export function hostsOfRun(): LaunchOptions['hosts'] {
  const lines = readFileSync('/etc/hosts', 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [address, name] = line.trim().split(/\s+/);
    return address === undefined || name === undefined || name === 'localhost' ? [] : [{ name, address }];
  });
}
