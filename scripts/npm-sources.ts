import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderNpmSources } from './build/npm-sources.ts';

/** Writes `modules/npm-sources.json`, what Nix knows of `pnpm-lock.yaml`: `npm run npm-sources` after each change of it. */
const root = join(import.meta.dirname, '..');
const file = join(root, 'modules', 'npm-sources.json');
await writeFile(`${file}.new`, await renderNpmSources(root));
await rename(`${file}.new`, file);
process.stderr.write(
  `npm-sources: ${(await readFile(file, 'utf8')).split('"hash"').length - 1} packages in ${file}\n`,
);
