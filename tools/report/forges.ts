import { readSecretFile } from '@ccci/lib/config/load.ts';
import type { Config } from '@ccci/lib/config/schema.ts';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ReportSource } from './look-over.ts';

/** Connects to a forge when something is to be posted there, once; only then its token is read. */
export function makeForges(config: Config, signal: AbortSignal): (name: string) => Promise<ForgeClient> {
  const clients = new Map<string, ForgeClient>();
  return async (name) => {
    const client = clients.get(name) ?? (await connect(name, config, signal));
    clients.set(name, client);
    return client;
  };
}

/** What is enrolled on forges that can be written to, by the keys that poll gives its cursors. */
export function reportSources({ forges }: Config): readonly ReportSource[] {
  return Object.entries(forges).flatMap(([forge, { organisations, repositories, reportTokenFile }]) => {
    if (reportTokenFile === undefined) return [];
    const single = repositories.map((fullName) => {
      const [owner = '', name = ''] = fullName.split('/');
      return { key: `${forge}/${fullName}`, forge, owner, name };
    });
    return [...organisations.map((owner) => ({ key: `${forge}/${owner}`, forge, owner })), ...single];
  });
}

async function connect(name: string, { forges, poll }: Config, signal: AbortSignal): Promise<ForgeClient> {
  const forge = forges[name];
  if (forge?.reportTokenFile === undefined) {
    const missing = forge === undefined ? `forges.${name}` : `forges.${name}.reportTokenFile`;
    throw new Failure(
      exitStatus.configuration,
      'no-write-token',
      `cannot post to forge ${name}: ${missing} is not set`,
      {
        hint: 'name a file with a token of the scopes write:issue, write:repository and read:user',
      },
    );
  }
  const token = await readSecretFile(forge.reportTokenFile, `the write token of forge ${name}`);
  return connectForge({ name, url: forge.url, token, requestMs: poll.requestMs, signal });
}
