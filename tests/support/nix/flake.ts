import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Nix, realNixpkgs } from './lab.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** The flake of this tree, as somebody has it who cloned it. */
export type Flake = {
  /** Runs `nix WORDS… path:<flake><fragment>` on the real flake and lock, with nixpkgs from where tests have it. */
  readonly nix: (words: readonly string[], fragment?: string) => Promise<string>;
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
    nix: (words, fragment = '') => nix.call(['nix', ...words, ...fixed, `path:${source}${fragment}`]),
  };
}

/** The machine's own Node may be too old to build with; the one of the project is not. */
function standIn(folder: string): string {
  cpSync(join(import.meta.dirname, 'stand-in'), folder, { recursive: true });
  writeFileSync(join(folder, 'host-node.nix'), `${JSON.stringify(process.execPath)}\n`);
  return folder;
}

type Source = {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly platform?: string;
};

/**
 * Puts the npm packages of this platform into the store, where Nix would have got them: by npm, which has most of them
 * in its cache. Nix believes their hashes and nothing else. Left out are those that Nix is to get itself.
 */
export async function storePackages(nix: Nix, dir: string, leftOut: readonly string[]): Promise<number> {
  const text = readFileSync(join(root, 'modules', 'npm-sources.json'), 'utf8');
  const here = `linux-${process.arch}`;
  const sources = (JSON.parse(text) as { sources: readonly Source[] }).sources.filter(
    ({ name, platform = here }) => platform === here && !leftOut.includes(name),
  );
  mkdirSync(dir);
  const specs = sources.map(({ name, version }) => `${name}@${version}`);
  await npm(['pack', '--silent', '--prefer-offline', ...specs], dir);
  const files = sources.map(({ folder, name, version }) => {
    const file = join(dir, `${folder.replace(/^@/, '').replaceAll('@', '-')}.tgz`);
    renameSync(join(dir, `${name.replace('@', '').replace('/', '-')}-${version}.tgz`), file);
    return file;
  });
  await nix.call(['nix-store', '--add-fixed', 'sha512', ...files]);
  return files.length;
}

/** Why the registry cannot be reached with what Nix leaves of the environment; null when it can. */
export async function registryTrouble(name: string, dir: string): Promise<string | null> {
  mkdirSync(dir);
  return await npm(['pack', '--silent', name], dir, dir).then(
    () => null,
    (error: Error) => error.message.split('\n')[0] as string,
  );
}

/** Without what the test runner's own npm has put into the environment. */
async function npm(words: readonly string[], cwd: string, home = process.env.HOME): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: home };
  await promisify(execFile)('npm', words, { cwd, env, timeout: 300_000 });
}
