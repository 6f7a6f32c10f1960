import type { Settings } from './settings.ts';

/** Names of variables that hold something which nobody else should read. */
const secretName =
  /((^|_)PASS|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)(_|$)/i;
/** Names that only look like it: where a secret lies, and which version of it is used. */
const harmlessName = /(_VERSION|_FILE|_PATH|_URL|_NAME|_LENGTH)$/i;

/** Whether a variable holds a secret, by its name. */
export function isSecretName(name: string): boolean {
  return secretName.test(name) && !harmlessName.test(name);
}

/** The secrets among the variables of `recipe.yml`: to be masked wherever they turn up. */
export function secretsInSettings({ env, upgrade }: Pick<Settings, 'env' | 'upgrade'>): string[] {
  return [env, upgrade.env].flatMap((variables) =>
    Object.entries(variables).flatMap(([name, value]) => (isSecretName(name) ? [value] : [])),
  );
}

/** The settings as they may be shown: records and pages hold no secret (records.md, rule 7). */
export function withoutSecrets(settings: Settings): Settings {
  const hide = (variables: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, isSecretName(name) ? '***' : value]),
    );
  const { env, upgrade } = settings;
  return { ...settings, env: hide(env), upgrade: { ...upgrade, env: hide(upgrade.env) } };
}
