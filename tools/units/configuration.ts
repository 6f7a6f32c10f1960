import type { ForgeConfig } from '@ccci/lib/config/forges.ts';
import type { Config } from '@ccci/lib/config/schema.ts';
import type { SecretKey, ServiceUnit } from './table.ts';

/** What a unit gets of the configuration, and the files that systemd hands it. */
export type UnitConfiguration = {
  readonly config: object;
  /** `NAME:FILE`, as `LoadCredential` has it. */
  readonly credentials: readonly string[];
};

type Whole = Config & { readonly state: string; readonly runs: string };

/**
 * The part of the configuration that a unit uses, with its secrets where systemd will put them: no unit is told even
 * where another's lie. `modules/nixos/configuration.nix` does the same.
 */
export function configureUnit(name: string, unit: ServiceUnit, whole: Whole): UnitConfiguration {
  const { sections = [], stageKeys = [], forgeKeys = null } = unit;
  const forges = Object.entries(whole.forges).map(([forge, given]) => {
    const { keys, credentials } = placeSecrets(name, unit.secrets ?? [], { forge, given });
    return { credentials, entry: [forge, { ...pick(given, forgeKeys ?? []), ...keys }] as const };
  });
  const stage = pick(whole.stage, stageKeys);
  return {
    config: {
      ...pick(whole, ['state', 'runs', ...sections]),
      ...(Object.keys(stage).length === 0 ? {} : { stage }),
      ...(forgeKeys === null ? {} : { forges: Object.fromEntries(forges.map(({ entry }) => entry)) }),
    },
    credentials: forges.flatMap(({ credentials }) => credentials),
  };
}

type ForgeOf = { readonly forge: string; readonly given: ForgeConfig };

function placeSecrets(name: string, secrets: readonly SecretKey[], { forge, given }: ForgeOf) {
  const keys: Record<string, unknown> = {};
  const credentials: string[] = [];
  const place = (id: string, file: string) => {
    credentials.push(`${id}:${file}`);
    return `/run/credentials/${name}.service/${id}`;
  };
  for (const key of secrets) {
    const value = given[key];
    if (value === undefined) continue;
    const id = `${key}-${forge}`;
    // Names of repositories have a slash, and names of credentials have none.
    keys[key] =
      typeof value === 'string'
        ? place(id, value)
        : Object.fromEntries(
            Object.keys(value)
              .sort()
              .map((owner, index) => [owner, place(`${id}-${index}`, value[owner] as string)]),
          );
  }
  return { keys, credentials };
}

function pick(from: object, keys: readonly string[]): Record<string, unknown> {
  const wanted = new Set(keys);
  return Object.fromEntries(
    Object.entries(from).filter(([key, value]) => wanted.has(key) && value !== undefined),
  );
}
