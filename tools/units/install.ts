import { installName } from './output.ts';
import { isHidden } from './paths.ts';

export type InstallFacts = {
  readonly output: string;
  /** Paths below it. */
  readonly files: readonly string[];
  readonly bin: string;
  /** Folder of the scripts that some units run. */
  readonly scripts: string;
};

/** What to do with the files, for whoever asked for them; docs/deploy-debian.md says why. */
export function explainInstall({ output, files, bin, scripts }: InstallFacts): string {
  const units = files
    .filter((path) => /\.(service|path|timer)$/.test(path))
    .map((path) => path.slice(path.lastIndexOf('/') + 1));
  const started = units.filter((name) => !triggered(name, units));
  const lasting = ['ccci-poll', 'ccci-report', 'ccci-hook'].filter((name) =>
    units.includes(`${name}.service`),
  );
  return `${files.length} files and ${installName} are in ${output}. As root, on the server:

  sh ${quoted(`${output}/${installName}`)}

It takes away units of an earlier ccci-units that are not among these, copies etc/ to /etc, makes users and folders
(systemd-sysusers, systemd-tmpfiles), restarts what changed, never the stage, and starts the rest:

  systemctl enable --now ${started.join(' ')}

The units run the programs in ${bin}${hiddenOf(bin)}${scriptsOf(scripts)}.
See that it works: systemctl status 'ccci-*', journalctl -u 'ccci-*', ccci doctor
After a change of the configuration: ccci-units again, into another folder, and its ${installName}; no run is ended by it.
After a new token or a new version of ccci: systemctl restart ${lasting.join(' ')}; the next work starts the new stage.
`;
}

/** True for a service that a path or a timer starts. */
function triggered(name: string, units: readonly string[]): boolean {
  if (!name.endsWith('.service')) return false;
  const base = name.slice(0, -'.service'.length);
  return units.includes(`${base}.path`) || units.includes(`${base}.timer`);
}

function hiddenOf(bin: string): string {
  if (!isHidden(bin)) return '';
  return ', WHICH THEY CANNOT SEE: no service may look into homes and /tmp. Install ccci elsewhere, such as below /usr/local';
}

/** The scripts, where they are hidden: the stage would fail at every start, whatever its programs are. */
function scriptsOf(scripts: string): string {
  return isHidden(scripts) ? `,\nand the scripts in ${scripts}${hiddenOf(scripts)}` : '';
}

/** For a shell to read. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
