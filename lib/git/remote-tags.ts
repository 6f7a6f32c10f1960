import { type AddressOptions, judgeAddress } from './address.ts';
import { explain, noCheckout } from './explain.ts';
import { uploadPack } from './fetch.ts';
import { git } from './run.ts';
import type { Tag } from './tags.ts';

/** Tags of a repository elsewhere, without fetching it; `annotated` where the listing shows the commit behind it. */
export async function listRemoteTags(
  repo: string,
  { signal, ...options }: AddressOptions & { readonly signal?: AbortSignal },
): Promise<Tag[]> {
  const address = judgeAddress(repo, options);
  const own = address.local ? ['--upload-pack', uploadPack] : [];
  const run = { protocols: address.protocols, signal };
  const { exitCode, stdout, stderr } = await git(
    ['ls-remote', '--tags', ...own, '--', address.location],
    run,
  );
  if (exitCode !== 0) throw address.local ? noCheckout(address.location) : explain(stderr, address);
  return readTags(stdout);
}

/** `HASH<tab>refs/tags/NAME`, for an annotated tag followed by the commit as `refs/tags/NAME^{}`. Pure. */
export function readTags(listing: string): Tag[] {
  const found = new Map<string, Tag>();
  for (const line of listing.split('\n')) {
    const [, commit, name, peeled] = /^([0-9a-f]{40})\trefs\/tags\/(.+?)(\^\{\})?$/.exec(line) ?? [];
    if (commit === undefined || name === undefined) continue;
    found.set(name, { name, commit, annotated: peeled !== undefined });
  }
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
