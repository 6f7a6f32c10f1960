import type { Config } from '@ccci/lib/config/schema.ts';
import { configureUnit } from './configuration.ts';
import { fill, renderSysusers, renderTmpfiles, renderUnit } from './render.ts';
import type { ServiceUnit, Table } from './table.ts';

export type TreeOptions = {
  readonly table: Table;
  readonly config: Config & { readonly state: string; readonly runs: string };
  /** For `@name@` in the table. */
  readonly values: Readonly<Record<string, string>>;
  /** What of `needs` this host has, and which units by name it has not. */
  readonly has: Readonly<Record<string, boolean>>;
};

/** Where the configuration of each unit lies. */
const configurations = 'etc/ccci/units';
const unitFiles = 'etc/systemd/system';
/** All files, below `/etc`: by it the next installation knows what is ours (`install-script.ts`). */
const listFile = 'etc/ccci/units.list';

/** All files of a host, path to content; what a unit reads lies below `/etc/ccci`. Pure. */
export function makeTree({ table, config, values, has }: TreeOptions): Map<string, string> {
  const files = new Map<string, string>();
  const isThere = (name: string, needs = name) => (has[needs] ?? true) && (has[name] ?? true);
  for (const [name, unit] of Object.entries(table.services)) {
    if (!isThere(name, unit.needs)) continue;
    const own = configureUnit(name, unit, config);
    if (unit.sections !== undefined) {
      files.set(`${configurations}/${name}.json`, `${JSON.stringify(own.config, null, 2)}\n`);
    }
    const all = { ...values, config: `/${configurations}/${name}.json` };
    const text = renderUnit(fill(serviceSections(table, unit, own.credentials), all));
    files.set(`${unitFiles}/${name}.service`, text);
  }
  for (const [name, { needs, unit, path, wantedBy }] of Object.entries(table.paths)) {
    if (!isThere(name, needs)) continue;
    const sections = { Unit: unit, Path: path, Install: install(wantedBy) };
    files.set(`${unitFiles}/${name}.path`, renderUnit(fill(sections, values)));
  }
  for (const [name, { needs, unit, timer, wantedBy }] of Object.entries(table.timers)) {
    if (!isThere(name, needs)) continue;
    const sections = { Unit: unit, Timer: timer, Install: install(wantedBy) };
    files.set(`${unitFiles}/${name}.timer`, renderUnit(fill(sections, values)));
  }
  files.set('etc/sysusers.d/ccci.conf', renderSysusers(table));
  const folders = table.folders.filter(({ path }) => path !== '@metrics@' || has.metrics === true);
  files.set('etc/tmpfiles.d/ccci.conf', renderTmpfiles(fill(folders, values)));
  const names = [...files.keys(), listFile].map((path) => path.slice('etc/'.length)).sort();
  return files.set(listFile, `${names.join('\n')}\n`);
}

function serviceSections(table: Table, unit: ServiceUnit, credentials: readonly string[]) {
  const service = { ...table.hardening[unit.hardening], ...unit.service, LoadCredential: credentials };
  return { Unit: unit.unit, Service: service, Install: install(unit.wantedBy) };
}

function install(wantedBy: readonly string[]): { readonly WantedBy?: string } {
  return wantedBy.length === 0 ? {} : { WantedBy: wantedBy.join(' ') };
}
