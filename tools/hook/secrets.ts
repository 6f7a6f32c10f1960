import type { ForgeConfig } from '@ccci/lib/config/forges.ts';
import { readSecretFile } from '@ccci/lib/config/load.ts';
import type { RepositoryName } from '@ccci/lib/forge/types.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';

/** Secrets of one forge's webhooks by `owner/name`, by `owner`, in lower case; by `''` the one of all others. */
export type Secrets = ReadonlyMap<string, string>;

/** Reads them from their files. `Failure` 78 where one cannot be read, or is for something that is not enrolled. */
export async function readSecrets(forgeName: string, forge: ForgeConfig): Promise<Secrets> {
  const secrets = new Map<string, string>();
  if (forge.hookSecretFile !== undefined) {
    secrets.set('', await readSecretFile(forge.hookSecretFile, `the webhook secret of forge ${forgeName}`));
  }
  for (const [name, path] of Object.entries(forge.hookSecretFiles)) {
    if (!isEnrolled(name, forge)) throw notEnrolled(forgeName, name, forge);
    const what = `the webhook secret of ${name} at forge ${forgeName}`;
    secrets.set(name.toLowerCase(), await readSecretFile(path, what));
  }
  return secrets;
}

/** The secret of a repository: its own, else its organisation's, else the forge's; only the most specific counts. */
export function secretFor(secrets: Secrets, { owner, name }: RepositoryName): string | undefined {
  return secrets.get(`${owner}/${name}`.toLowerCase()) ?? secrets.get(owner.toLowerCase()) ?? secrets.get('');
}

/** An organisation's or a repository's name, a repository of such an organisation, the owner of such a repository. */
function isEnrolled(name: string, { organisations, repositories }: ForgeConfig): boolean {
  const [owner = '', repository] = name.toLowerCase().split('/');
  if (organisations.some((one) => one.toLowerCase() === owner)) return true;
  return repositories.some((one) => {
    const [otherOwner, other] = one.toLowerCase().split('/');
    return otherOwner === owner && (repository === undefined || repository === other);
  });
}

function notEnrolled(forgeName: string, name: string, { organisations, repositories }: ForgeConfig): Failure {
  const meant = didYouMean(name, [...organisations, ...repositories]);
  const message = `forges.${forgeName}.hookSecretFiles has a secret for ${name}, which is not enrolled${meant}`;
  return new Failure(exitStatus.configuration, 'not-enrolled', message, {
    hint: 'name it in organisations or repositories of that forge, or take its secret out',
  });
}
