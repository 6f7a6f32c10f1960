import { readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { parse } from 'yaml';

/** A package that a build needs, as Nix gets it: by name and version, whole by its hash. */
type Source = {
  /** Its folder below `node_modules/.pnpm`, where pnpm has it too. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** Integrity of what the registry sends. */
  readonly hash: string;
  /** `linux-x64`; absent for a package that runs anywhere. */
  readonly platform?: string;
  /** Folders of the packages that it imports. */
  readonly needs: readonly string[];
};

type Edges = Readonly<Record<string, string>>;
type Lock = {
  readonly importers: Readonly<
    Record<string, Readonly<Record<string, Readonly<Record<string, { readonly version: string }>>>>>
  >;
  readonly packages: Readonly<
    Record<
      string,
      { readonly resolution: { readonly integrity: string }; readonly os?: string[]; readonly cpu?: string[] }
    >
  >;
  readonly snapshots: Readonly<Record<string, { dependencies?: Edges; optionalDependencies?: Edges }>>;
};

/** The platforms of the flake, as npm names them. */
const platforms = ['linux-arm64', 'linux-x64'];

/**
 * Text of `modules/npm-sources.json`: all that a build reads of `node_modules`, from the lock alone. `importers` are our
 * own packages: what each of them finds by which name.
 */
export async function renderNpmSources(root: string): Promise<string> {
  const lock = parse(await readFile(join(root, 'pnpm-lock.yaml'), 'utf8')) as Lock;
  const own = Object.keys(lock.importers).filter((folder) => folder !== '.');
  const importers = {
    '.': await usedByBuild(root, lock),
    ...Object.fromEntries(own.sort().map((folder) => [folder, keysOf(lock, folder)])),
  };
  const sources = new Map<string, Source>();
  for (const key of Object.values(importers).flat()) collect(key, lock, sources);
  const links = Object.fromEntries(
    Object.entries(importers).map(([folder, keys]) => [folder, keys.map(folderOf).sort()]),
  );
  const isThere = (folder: string) => sources.has(folder);
  const all = [...sources.values()]
    .map((source) => ({ ...source, needs: source.needs.filter(isThere) }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1));
  return `${JSON.stringify({ importers: links, sources: all }, undefined, 2)}\n`;
}

/** Of the development dependencies those that the build's own files import. */
async function usedByBuild(root: string, lock: Lock): Promise<readonly string[]> {
  const files = await fastGlob(['scripts/build.ts', 'scripts/build/**/*.ts'], { cwd: root });
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), 'utf8')));
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/^(?:import|\}) (?!type ).*?from '([^'.][^']*)'/gm)].map(([, name]) => name as string),
  );
  const names = new Set(imported.filter((name) => !isBuiltin(name)).map(packageOf));
  return keysOf(lock, '.').filter((key) => names.has(nameOf(key)));
}

/** `zod` of `zod/v4`, `@ccci/lib` of `@ccci/lib/records/types.ts`. */
function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Keys of what one of our packages depends on; our own among them are linked by hand. */
function keysOf(lock: Lock, importer: string): readonly string[] {
  const { dependencies = {}, devDependencies = {} } = lock.importers[importer] ?? {};
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, { version }]) => !version.startsWith('link:'))
    .map(([name, { version }]) => `${name}@${version}`);
}

function collect(key: string, lock: Lock, sources: Map<string, Source>): void {
  const { resolution, os, cpu } = lock.packages[withoutPeers(key)] ?? {};
  const snapshot = lock.snapshots[key];
  if (resolution === undefined || snapshot === undefined) throw new Error(`pnpm-lock.yaml has no ${key}`);
  const platform = os === undefined ? undefined : `${os.join('+')}-${(cpu ?? ['any']).join('+')}`;
  if (sources.has(folderOf(key)) || (platform !== undefined && !platforms.includes(platform))) return;
  const { dependencies = {}, optionalDependencies = {} } = snapshot;
  const needs = Object.entries({ ...dependencies, ...optionalDependencies }).map(
    ([name, version]) => `${name}@${version}`,
  );
  const name = nameOf(key);
  sources.set(folderOf(key), {
    folder: folderOf(key),
    name,
    version: withoutPeers(key).slice(name.length + 1),
    hash: resolution.integrity,
    ...(platform === undefined ? {} : { platform }),
    needs: needs.map(folderOf).sort(),
  });
  for (const need of needs) collect(need, lock, sources);
}

function nameOf(key: string): string {
  return key.slice(0, key.indexOf('@', 1));
}

function withoutPeers(key: string): string {
  return key.replace(/\(.*/, '');
}

/** pnpm's name of a folder: `a@1.0.0(b@2.0.0)` is `a@1.0.0_b@2.0.0`. */
function folderOf(key: string): string {
  return key
    .replaceAll('/', '+')
    .replace(/\)\(|\(/g, '_')
    .replaceAll(')', '');
}
