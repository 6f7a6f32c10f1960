import { lstat, readlink } from 'node:fs/promises';
import type { SystemPath } from './sandbox.ts';

const wanted = [
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/nix/store',
  '/etc/alternatives',
  '/etc/chromium.d',
  '/etc/fonts',
  '/etc/ld.so.cache',
  '/etc/ssl/certs',
  '/etc/ssl/openssl.cnf',
  '/etc/ca-certificates',
  '/etc/pki',
  '/etc/static',
];

/** Programs, libraries and certificates of this machine; nothing of its users, services or configuration. */
export async function listSystem(): Promise<SystemPath[]> {
  const found = await Promise.all(wanted.map((path) => look(path)));
  return found.flat();
}

async function look(path: string): Promise<SystemPath[]> {
  const entry = await lstat(path).catch(() => null);
  if (entry === null) return [];
  return [
    entry.isSymbolicLink() ? { path, kind: 'link', target: await readlink(path) } : { path, kind: 'folder' },
  ];
}
