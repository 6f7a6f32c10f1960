import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitStatus, Failure } from '../program/failure.ts';
import type { GitOptions } from './run.ts';

/** Where a repository is, as far as git is told: an address that was looked at, and what git may speak for it. */
export type Address = {
  /** The clone URL, or an absolute path. */
  readonly location: string;
  readonly local: boolean;
  readonly protocols: NonNullable<GitOptions['protocols']>;
};

export type AddressOptions = {
  /** Paths and `file:` addresses are allowed. */
  readonly allowLocal: boolean;
  /** Addresses of the configured forges; http is allowed only below one that is itself http. */
  readonly forgeUrls: readonly string[];
  /** Folder that a relative path begins from. */
  readonly cwd?: string;
};

/**
 * Judges the address of a repository before git sees it; `Failure` `git-refused` names what would be allowed.
 * Source: security.md, row clone.
 */
export function judgeAddress(repo: string, { allowLocal, forgeUrls, cwd = '/' }: AddressOptions): Address {
  const url = parseUrl(repo);
  if (url === null || url.protocol === 'file:') {
    if (!allowLocal)
      throw refused(repo, 'it is a path of this machine', 'use --allow-local, or an https address');
    return {
      location: url === null ? resolve(cwd, repo) : fileURLToPath(url),
      local: true,
      protocols: ['file'],
    };
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(
      withoutCredentials(url),
      'it carries credentials',
      'repositories are cloned without credentials',
    );
  }
  if (url.protocol === 'https:') return { location: repo, local: false, protocols: [] };
  if (url.protocol !== 'http:') throw refused(repo, `${url.protocol} is not allowed`, 'use an https address');
  if (!isBelow(url, forgeUrls)) {
    throw refused(
      repo,
      'http is allowed only for a configured forge',
      'use https, or name the forge in forges.<name>.url',
    );
  }
  return { location: repo, local: false, protocols: ['http'] };
}

/** True for an address that is below one of the forges' addresses: same scheme, host and port, and path. */
export function isBelowForge(repo: string, forgeUrls: readonly string[]): boolean {
  const url = parseUrl(repo);
  return url !== null && isBelow(url, forgeUrls);
}

/** True for what `judgeAddress` takes for a path of this machine. */
export function isLocalPath(repo: string): boolean {
  const url = parseUrl(repo);
  return url === null || url.protocol === 'file:';
}

function parseUrl(repo: string): URL | null {
  if (isAbsolute(repo)) return null;
  if (repo.includes('::') || /^[^/]+@[^/]+:/.test(repo)) {
    throw refused(repo, 'this kind of address is not allowed', 'use an https address');
  }
  return /^[a-z][a-z0-9+.-]*:/i.test(repo) ? parseOrRefuse(repo) : null;
}

function parseOrRefuse(repo: string): URL {
  try {
    return new URL(repo);
  } catch {
    throw refused(repo, 'it is no address', 'use an https address');
  }
}

function isBelow(url: URL, forgeUrls: readonly string[]): boolean {
  return forgeUrls.some((forge) => {
    const base = new URL(forge);
    const folder = base.pathname.endsWith('/') ? base.pathname : `${base.pathname}/`;
    return base.protocol === url.protocol && base.host === url.host && url.pathname.startsWith(folder);
  });
}

function withoutCredentials(url: URL): string {
  const clean = new URL(url);
  clean.username = '';
  clean.password = '';
  return clean.href;
}

function refused(repo: string, why: string, hint: string): Failure {
  return new Failure(exitStatus.badInput, 'git-refused', `repository ${repo} is not used: ${why}`, { hint });
}
