import { type LoadedConfig, readSecretFile } from '@ccci/lib/config/load.ts';
import { isForgeError } from '@ccci/lib/forge/forge-error.ts';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';
import type { ForgePull } from '@ccci/lib/forge/types.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { PullAddress } from './address.ts';

const requestMs = 20_000;

/** The forge of a pull request: with the token of the configuration where it is a configured one, else as anybody. */
export async function connectTo(
  { forge }: PullAddress,
  config: Pick<LoadedConfig, 'forges'>,
  signal: AbortSignal,
): Promise<ForgeClient> {
  const isIt = ({ url }: { readonly url: string }) => url.replace(/\/+$/, '') === forge;
  const [name, known] = Object.entries(config.forges).find(([, one]) => isIt(one)) ?? [];
  const token =
    known?.tokenFile && (await readSecretFile(known.tokenFile, `the read token of forge ${name}`));
  return connectForge({ name: name ?? new URL(forge).host, url: forge, token, requestMs, signal });
}

/** The pull request as it is now. `Failure`s: 65 `no-pull` where there is none, 69 where the forge does not say. */
export async function readPull(client: ForgeClient, address: PullAddress): Promise<ForgePull> {
  const { owner, name, number } = address;
  const pull = await asking(client, () => client.pull({ owner, name }, number));
  if (pull !== null) return pull;
  const message = `${client.url} shows no pull request ${owner}/${name}#${number}`;
  throw new Failure(exitStatus.badInput, 'no-pull', message, {
    hint: 'check the address; a private one needs a token: forges.<name>.tokenFile in the configuration',
  });
}

/** What a forge does not answer as a `Failure` that says which forge it was. */
export async function asking<Value>(client: ForgeClient, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    if (!isForgeError(error)) throw error;
    throw new Failure(exitStatus.unavailable, 'forge', error.message, {
      cause: error,
      hint: `is ${client.url} a Gitea or Forgejo that this machine can reach?`,
    });
  }
}
