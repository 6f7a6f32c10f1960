import type { ForgeConfig } from '@ccci/lib/config/forges.ts';
import { readSecretFile } from '@ccci/lib/config/load.ts';
import type { Config } from '@ccci/lib/config/schema.ts';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { type ListPulls, organisationPulls, repositoryPulls } from './list-pulls.ts';

/** What one search covers: an organisation, or a single repository. */
export type Source = {
  /** Of its cursor: `<forge>/<organisation>` or `<forge>/<owner>/<repository>`. */
  readonly key: string;
  readonly client: ForgeClient;
  readonly allow: readonly string[];
  readonly forks: boolean;
  readonly list: ListPulls;
};

/** Takes a warning for people. */
export type Say = (message: string) => void;

/** All that is enrolled, in the order of the configuration; one client for each forge. */
export async function connectSources(
  config: Config,
  signal: AbortSignal,
  say: Say,
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const [name, forge] of Object.entries(config.forges)) {
    const token =
      forge.tokenFile && (await readSecretFile(forge.tokenFile, `the read token of forge ${name}`));
    const client = connectForge({ name, url: forge.url, token, requestMs: config.poll.requestMs, signal });
    sources.push(...sourcesOf(forge, client, say));
  }
  return sources;
}

/** A repository of an enrolled organisation is covered by the organisation's search. */
export function sourcesOf(forge: ForgeConfig, client: ForgeClient, say: Say): readonly Source[] {
  const { allow, forks } = forge;
  const covered = new Set(forge.organisations.map((name) => name.toLowerCase()));
  const organisations = forge.organisations.map((owner) => ({
    key: `${client.name}/${owner}`,
    list: organisationPulls(client, owner, say),
  }));
  const repositories = forge.repositories.flatMap((fullName) => {
    const [owner = '', name = ''] = fullName.split('/');
    if (covered.has(owner.toLowerCase())) return [];
    return [{ key: `${client.name}/${fullName}`, list: repositoryPulls(client, { owner, name }) }];
  });
  return [...organisations, ...repositories].map((source) => ({ ...source, client, allow, forks }));
}
