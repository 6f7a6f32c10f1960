import type { ForgeConfig } from '@ccci/lib/config/forges.ts';
import { type LoadedConfig, readSecretFile } from '@ccci/lib/config/load.ts';
import { connectForge, type ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { readSecrets, type Secrets } from './secrets.ts';

/** A forge whose webhooks are taken. */
export type HookForge = {
  readonly name: string;
  readonly config: ForgeConfig;
  readonly client: ForgeClient;
  readonly secrets: Secrets;
};

/** How the forges are asked. */
export type Connecting = {
  /** Ends all requests. */
  readonly signal: AbortSignal;
  /** Pause before a question is asked again. */
  readonly retryMs?: number;
};

/** All forges that have a secret for webhooks, secrets and tokens read; `Failure` 78 when there is nothing to do. */
export async function connectForges(
  config: LoadedConfig,
  connecting: Connecting,
): Promise<readonly HookForge[]> {
  const forges: HookForge[] = [];
  for (const [name, forge] of Object.entries(config.forges)) {
    const secrets = await readSecrets(name, forge);
    if (secrets.size === 0) continue;
    const token =
      forge.tokenFile && (await readSecretFile(forge.tokenFile, `the read token of forge ${name}`));
    // An answer that takes longer than the delivery may is of no use to it.
    const requestMs = config.hook.deliveryMs;
    forges.push({
      name,
      config: forge,
      client: connectForge({ name, url: forge.url, token, requestMs, ...connecting }),
      secrets,
    });
  }
  if (forges.length === 0) throw noSecret(config);
  if (!forges.some(({ config }) => isAnythingEnrolled(config))) throw nothingEnrolled(config);
  return forges;
}

function isAnythingEnrolled({ organisations, repositories }: ForgeConfig): boolean {
  return organisations.length > 0 || repositories.length > 0;
}

function noSecret({ from }: LoadedConfig): Failure {
  const message = `${from ?? 'configuration'}: no forge has a secret for its webhooks, and nothing is taken without one`;
  return new Failure(exitStatus.configuration, 'no-hook-secret', message, {
    hint: 'put a long random word into a file, name that in forges.NAME.hookSecretFile and give the word to the webhook; the file of the configuration is given with --config',
  });
}

function nothingEnrolled({ from }: LoadedConfig): Failure {
  const message = `${from ?? 'configuration'}: nothing is enrolled at the forges that have a secret for webhooks`;
  return new Failure(exitStatus.configuration, 'nothing-enrolled', message, {
    hint: 'name organisations or repositories of such a forge: forges.NAME.organisations',
  });
}
