// Makes node_modules of the packages that Nix has got, laid out as pnpm does, so that a build gives the same bytes.
// Plain JavaScript without dependencies: it runs before there are any. `node modules/package/install.mjs FOLDER`
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const from = process.argv[2];
const store = join('node_modules', '.pnpm');
const { importers, sources } = JSON.parse(readFileSync('modules/npm-sources.json', 'utf8'));
const nameOf = new Map(sources.map(({ folder, name }) => [folder, name]));
const present = new Set(sources.map(({ folder }) => folder).filter((folder) => existsSync(packed(folder))));

for (const { folder, name, needs } of sources.filter((source) => present.has(source.folder))) {
  unpack(packed(folder), join(store, folder, 'node_modules', name));
  for (const need of needs) link(need, join(store, folder, 'node_modules'));
}
for (const [folder, needs] of Object.entries(importers)) {
  for (const need of needs) link(need, join(folder, 'node_modules'));
}
// Our own library: what lies in tools and scripts finds it from above.
linkFolder('lib', join('node_modules', '@ccci', 'lib'));

function packed(folder) {
  return join(from, `${folder}.tgz`);
}

function unpack(file, into) {
  mkdirSync(into, { recursive: true });
  const { status } = spawnSync('tar', ['-xzf', file, '-C', into, '--strip-components=1', '--no-same-owner'], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`cannot unpack ${file}`);
}

/** A package of another platform is not there, and nobody asks for it. */
function link(folder, into) {
  if (present.has(folder))
    linkFolder(join(store, folder, 'node_modules', nameOf.get(folder)), join(into, nameOf.get(folder)));
}

function linkFolder(target, file) {
  mkdirSync(dirname(file), { recursive: true });
  symlinkSync(relative(dirname(file), target), file);
}
