import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Nix, realNixpkgs } from './lab.ts';

const root = join(import.meta.dirname, '..', '..', '..');
/** As in scripts/setup/packages.mjs. */
const packagesFolder = join('node_modules', '.npm-packages');

/** The flake of this tree, as somebody has it who cloned it. */
export type Flake = {
  /** Runs `nix WORDS… path:<flake><fragment>…` on the real flake and lock, with nixpkgs from where tests have it. */
  readonly nix: (words: readonly string[], fragments?: readonly string[]) => Promise<string>;
};

/** Copies what git has and what it would take in, and puts the stand-in for nixpkgs beside it; all in a folder. */
export function copyFlake(nix: Nix, dir: string): Flake {
  const source = join(dir, 'source');
  mkdirSync(source);
  const files = execFileSync('git', ['ls-files', '-zco', '--exclude-standard', '--deduplicate'], {
    cwd: root,
  });
  const pack = ['--null', '--ignore-failed-read', '-T', '-', '-c'];
  const archive = execFileSync('tar', pack, { cwd: root, input: files, maxBuffer: 1e9 });
  execFileSync('tar', ['-x'], { cwd: source, input: archive });
  const nixpkgs = realNixpkgs ?? standIn(join(dir, 'stand-in'));
  const fixed = ['--no-write-lock-file', '--override-input', 'nixpkgs', `path:${nixpkgs}`];
  return {
    nix: (words, fragments = ['']) =>
      nix.call(['nix', ...words, ...fixed, ...fragments.map((one) => `path:${source}${one}`)]),
  };
}

/** The machine's own Node may be too old to build with; the one of the project is not. */
function standIn(folder: string): string {
  cpSync(join(import.meta.dirname, 'stand-in'), folder, { recursive: true });
  writeFileSync(join(folder, 'host-node.nix'), `${JSON.stringify(process.execPath)}\n`);
  return folder;
}

type Source = { readonly folder: string; readonly name: string; readonly version: string };

/** The npm packages that set-up has got for this platform; none where it had no network. */
export function knownPackages(): readonly (Source & { readonly file: string })[] {
  const text = readFileSync(join(root, 'modules', 'npm-sources.json'), 'utf8');
  return (JSON.parse(text) as { sources: readonly Source[] }).sources
    .map((source) => ({ ...source, file: join(root, packagesFolder, `${source.folder}.tgz`) }))
    .filter(({ file }) => existsSync(file));
}

/** Puts packages into the store, where Nix would have got them; it believes their hashes and nothing else. */
export async function storePackages(
  nix: Nix,
  dir: string,
  sources: ReturnType<typeof knownPackages>,
): Promise<void> {
  mkdirSync(dir);
  const files = sources.map(({ folder, file }) => {
    const named = join(dir, `${folder.replace(/^@/, '').replaceAll('@', '-')}.tgz`);
    copyFileSync(file, named);
    return named;
  });
  await nix.call(['nix-store', '--add-fixed', 'sha512', ...files]);
}

export type Registry = {
  readonly url: string;
  readonly asked: readonly string[];
  readonly close: () => void;
};

/** A registry on loopback that has one package, for npm. */
export async function serveRegistry({
  name,
  version,
  file,
}: ReturnType<typeof knownPackages>[number]): Promise<Registry> {
  const asked: string[] = [];
  const tarball = readFileSync(file);
  const server = createServer(({ url = '' }, response) => {
    asked.push(url);
    if (url.endsWith('.tgz')) return response.end(tarball);
    const dist = { tarball: `${address()}/${name}/-/${name}.tgz` };
    const versions = { [version]: { name, version, dist } };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name, 'dist-tags': { latest: version }, versions }));
  });
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: address(), asked, close: () => server.close() };
}
