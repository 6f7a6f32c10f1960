import { execFileSync } from 'node:child_process';

/** A bare repository with a commit on `main` and, on top of it, one on each of the branches `b1`, `b2` and so on. */
export type Branches = { readonly path: string; readonly main: string; readonly heads: readonly string[] };

/** Makes it with one process for all commits, the same hashes each time. */
export function makeBranches(path: string, count: number): Branches {
  const git = (args: readonly string[], input?: string) =>
    execFileSync('git', [...args], { encoding: 'utf8', input, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 });
  git(['init', '--quiet', '--bare', '--initial-branch=main', path]);
  const names = Array.from({ length: count }, (_, index) => `b${index + 1}`);
  const commits = [commit('main', 1), ...names.map((name, index) => commit(name, index + 2, ':1'))];
  git(['-C', path, 'fast-import', '--quiet'], commits.join(''));
  const refs = git(['-C', path, 'for-each-ref', '--format=%(refname:short) %(objectname)'])
    .trim()
    .split('\n');
  const hashes = new Map(refs.map((line) => line.split(' ') as [string, string]));
  return { path, main: hashes.get('main')!, heads: names.map((name) => hashes.get(name)!) };
}

function commit(branch: string, mark: number, from?: string): string {
  const start = `commit refs/heads/${branch}\nmark :${mark}\ncommitter Mia <mia@example.org> ${1_700_000_000 + mark} +0000\n`;
  const message = `data ${branch.length}\n${branch}\n`;
  return `${start}${message}${from === undefined ? '' : `from ${from}\n`}M 100644 inline file\n${message}\n`;
}
