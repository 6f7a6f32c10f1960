import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderSysusers } from '../../../tools/units/render.ts';
import { readTable } from '../../../tools/units/table.ts';
import type { BuiltHost } from '../nix/build-host.ts';
import { type EvaluatedUnits, unitTexts } from '../nix/unit-text.ts';
import type { Lab } from './lab.ts';

/** A NixOS host in a lab, as far as it is ccci's. */
export type Host = {
  /** What `nixos-rebuild switch` does: puts the units there, and restarts those that changed and may be. */
  readonly switchTo: (built: BuiltHost) => Promise<readonly string[]>;
};

const folder = '/etc/systemd/system';
/** The engine is not one of the lab's: it is there already. */
const engineUnit = `[Unit]
Description=stands for the engine, which runs outside
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
`;

/** Sets up users and secrets (name in `/run/secrets` to file outside). */
export async function makeHost(lab: Lab, secrets: Readonly<Record<string, string>>): Promise<Host> {
  const put = (path: string, text: string, mode = 0o644) => {
    mkdirSync(dirname(lab.path(path)), { recursive: true });
    writeFileSync(lab.path(path), text, { mode });
  };
  for (const [name, file] of Object.entries(secrets))
    put(`/run/secrets/${name}`, readFileSync(file, 'utf8'), 0o400);
  put('/etc/sysusers.d/ccci.conf', renderSysusers(readTable().table));
  put(`${folder}/docker.service`, engineUnit);
  await lab.call(['systemd-sysusers']);
  let before = new Map<string, string>();
  return {
    switchTo: async (built) => {
      const after = unitTexts(built.units);
      const isFirst = before.size === 0;
      const changed = [...after].filter(([name, text]) => before.get(name) !== text).map(([name]) => name);
      before = after;
      for (const name of changed) put(`${folder}/${name}`, after.get(name) as string);
      put('/etc/tmpfiles.d/ccci.conf', tmpfiles(built));
      await lab.call(['systemd-tmpfiles', '--create', '/etc/tmpfiles.d/ccci.conf']);
      await lab.call(['systemctl', 'daemon-reload']);
      const wanted = changed.filter((name) =>
        isFirst ? isWanted(name, built.units) : mayRestart(name, built.units),
      );
      if (wanted.length > 0) await lab.call(['systemctl', isFirst ? 'start' : 'restart', ...wanted]);
      return wanted;
    },
  };
}

function tmpfiles({ folders }: BuiltHost): string {
  return Object.entries(folders)
    .map(([path, { d }]) => `d ${path} ${d.mode} ${d.user} ${d.group} -\n`)
    .join('');
}

function isWanted(name: string, units: EvaluatedUnits): boolean {
  return (find(name, units)?.wantedBy.length ?? 0) > 0;
}

/** As NixOS decides for services; what a timer starts is left to its timer. */
function mayRestart(name: string, units: EvaluatedUnits): boolean {
  return isWanted(name, units) && find(name, units)?.restartIfChanged !== false;
}

function find(name: string, { services, paths, timers }: EvaluatedUnits) {
  const [, base = '', kind] = /^(.*)\.(\w+)$/.exec(name) ?? [];
  return { service: services, path: paths, timer: timers }[String(kind)]?.[base];
}
