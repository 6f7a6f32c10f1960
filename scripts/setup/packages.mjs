import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './chain.mjs';
import { say } from './say.mjs';

/** Where they lie; tests read it (tests/support/nix/flake.ts). */
export const packagesFolder = join('node_modules', '.npm-packages');

/**
 * Gets the npm packages that Nix builds from, as the registry has them: the tests, which have no network, put them into a
 * store. pnpm keeps none of them whole. Without a network the tests go on, and say what they could not try.
 */
export async function bringPackages(root) {
  const text = readFileSync(join(root, 'modules', 'npm-sources.json'), 'utf8');
  const folder = join(root, packagesFolder);
  const stamp = join(folder, 'stamp');
  const state = createHash('sha256').update(text).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
  const here = `linux-${process.arch}`;
  const sources = JSON.parse(text).sources.filter(({ platform = here }) => platform === here);
  say(`getting ${sources.length} npm packages for the tests of Nix`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const specs = sources.map(({ name, version }) => `${name}@${version}`);
  const command = ['npm', 'pack', '--silent', '--prefer-offline', '--pack-destination', folder, ...specs];
  const status = await runCommand(command, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) return say(`npm pack ended with ${status}: the tests of Nix will build nothing`);
  for (const { folder: name, ...source } of sources)
    renameSync(join(folder, packedName(source)), join(folder, `${name}.tgz`));
  writeFileSync(stamp, state);
}

/** What `npm pack` calls a file. */
function packedName({ name, version }) {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}
