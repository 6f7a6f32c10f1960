import { readSecretFile } from '@ccci/lib/config/load.ts';
import type { Config } from '@ccci/lib/config/schema.ts';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';

/** A forge on which something is enrolled. */
export type SweptForge = {
  readonly client: ForgeClient;
  readonly organisations: readonly string[];
  /** `owner/name`. */
  readonly repositories: readonly string[];
};

/** All forges on which something is enrolled, by name, whatever the order of the configuration; nothing is asked yet. */
export async function connectForges(config: Config, signal: AbortSignal): Promise<readonly SweptForge[]> {
  const forges: SweptForge[] = [];
  for (const [name, forge] of Object.entries(config.forges).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { url, organisations, repositories, tokenFile } = forge;
    if (organisations.length + repositories.length === 0) continue;
    const token = tokenFile && (await readSecretFile(tokenFile, `the read token of forge ${name}`));
    const client = connectForge({ name, url, token, requestMs: config.sweep.requestMs, signal });
    forges.push({ client, organisations, repositories });
  }
  return forges;
}
