import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';

/** What stands behind a key of a unit file; a list is the key several times. */
export type Setting = string | boolean | readonly string[];
export type Section = Readonly<Record<string, Setting>>;

export type SecretKey = 'tokenFile' | 'reportTokenFile' | 'hookSecretFile' | 'hookSecretFiles';

type Common = {
  /** What has to be the case on a host for it to be there. */
  readonly needs?: string;
  readonly wantedBy: readonly string[];
  readonly unit: Section;
};

export type ServiceUnit = Common & {
  readonly hardening: string;
  readonly service: Section;
  /** Sections of the configuration that the unit's programs use; undefined for what reads none. */
  readonly sections?: readonly string[];
  /** Keys of each forge that they use; null for none of any forge. */
  readonly forgeKeys?: readonly string[] | null;
  /** Keys of section `stage` that they use. */
  readonly stageKeys?: readonly string[];
  readonly secrets?: readonly SecretKey[];
};
export type PathUnit = Common & { readonly path: Section };
export type TimerUnit = Common & { readonly timer: Section };

export type Folder = {
  readonly path: string;
  readonly mode: string;
  readonly user: string;
  readonly group: string;
};

/** `modules/units.json`: the one description of all units, which NixOS reads too. `@name@` stands for a value of the host. */
export type Table = {
  readonly defaults: Readonly<Record<string, string>>;
  readonly group: string;
  readonly pagesGroup: string;
  readonly users: Readonly<
    Record<string, { readonly description: string; readonly groups: readonly string[] }>
  >;
  readonly folders: readonly Folder[];
  readonly hardening: Readonly<Record<string, Section>>;
  readonly services: Readonly<Record<string, ServiceUnit>>;
  readonly paths: Readonly<Record<string, PathUnit>>;
  readonly timers: Readonly<Record<string, TimerUnit>>;
};

/** Beside the built program; for the code itself, where it is written. */
const places = [
  { table: '../host/units.json', scripts: '../host' },
  { table: '../../modules/units.json', scripts: '../../modules/host' },
].map(({ table, scripts }) => ({ table: here(table), scripts: here(scripts) }));

/** The description of all units, and the folder with the scripts that some of them run. `Failure` 69 without them. */
export function readTable(): { readonly table: Table; readonly scripts: string } {
  const place = places.find(({ table }) => existsSync(table));
  if (place !== undefined) {
    return { table: JSON.parse(readFileSync(place.table, 'utf8')) as Table, scripts: place.scripts };
  }
  const message = `the description of the units is not there: ${places[0]?.table}`;
  throw new Failure(exitStatus.unavailable, 'no-table', message, {
    hint: 'install the whole of ccci, not this one file of it',
  });
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
