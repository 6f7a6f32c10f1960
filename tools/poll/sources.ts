import { readSecretFile } from '@ccci/lib/config/load.ts';
import type { Config, ForgeConfig } from '@ccci/lib/config/schema.ts';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';
import type { Listing, PullHit } from '@ccci/lib/forge/types.ts';

/** What one search covers: an organisation, or a single repository. */
export type Source = {
  /** Of its cursor: `<forge>/<organisation>` or `<forge>/<owner>/<repository>`. */
  readonly key: string;
  readonly client: ForgeClient;
  readonly allow: readonly string[];
  readonly forks: boolean;
  /** Pull requests that moved in or after the second `since`. */
  readonly list: (since: string) => Promise<Listing<PullHit>>;
};

/** All that is enrolled, in the order of the configuration; one client for each forge. */
export async function connectSources(config: Config, signal: AbortSignal): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const [name, forge] of Object.entries(config.forges)) {
    const token =
      forge.tokenFile && (await readSecretFile(forge.tokenFile, `the read token of forge ${name}`));
    const client = connectForge({ name, url: forge.url, token, requestMs: config.poll.requestMs, signal });
    sources.push(...sourcesOf(forge, client));
  }
  return sources;
}

/** A repository of an enrolled organisation is covered by the organisation's search. */
export function sourcesOf(forge: ForgeConfig, client: ForgeClient): readonly Source[] {
  const { allow, forks } = forge;
  const covered = new Set(forge.organisations.map((name) => name.toLowerCase()));
  const organisations = forge.organisations.map((owner) => ({
    key: `${client.name}/${owner}`,
    list: (since: string) => client.searchPulls({ owner, since }),
  }));
  const repositories = forge.repositories.flatMap((fullName) => {
    const [owner = '', name = ''] = fullName.split('/');
    if (covered.has(owner.toLowerCase())) return [];
    const list = (since: string) => client.repositoryPulls({ owner, name }, { since });
    return [{ key: `${client.name}/${fullName}`, list }];
  });
  return [...organisations, ...repositories].map((source) => ({ ...source, client, allow, forks }));
}
