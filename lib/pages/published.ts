import { junitFileNames } from '../results/junit-files.ts';
import type { RunView } from './view.ts';

export type PublishedFiles = {
  readonly logs: readonly { readonly path: string; readonly label: string }[];
  readonly downloads: readonly { readonly path: string; readonly label: string }[];
};

/** Files of a run directory that are published as they are, by fixed names (stages.md, Directory of a run). */
export const fixedFiles = ['results.json', 'events.ndjson', 'lint.txt'] as const;
/** Pictures of a run; they are decoded and encoded again before they are published (security.md, confused reporter). */
export const fixedPictures = ['screenshot.png', 'screenshot-upgrade.png', 'summary.png'] as const;
/** Folders whose files are published when their names are plain, with the ending that they must have. */
export const fixedFolders = [
  { folder: 'logs', ending: '.log' },
  { folder: 'junit', ending: '.xml' },
] as const;

/** What a page can link to, as far as the run's records tell. */
export function publishedFiles({ results, services }: RunView): PublishedFiles {
  const logs = services.filter(isPlainName).map((name) => ({ path: `logs/${name}.log`, label: name }));
  if (results === null) return { logs: [], downloads: [] };
  const linted = results.stages.some((stage) => stage.name === 'lint');
  const names = fixedFiles.filter((name) => name !== 'lint.txt' || linted);
  const junit = results.stages.flatMap(junitFileNames).map((name) => `junit/${name}`);
  return { logs, downloads: [...names, ...new Set(junit)].map((path) => ({ path, label: path })) };
}

/** A name of a file that needs no escaping anywhere and names no other folder. */
export function isPlainName(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}$/.test(name);
}
