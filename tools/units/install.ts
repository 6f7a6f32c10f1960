export type InstallFacts = {
  readonly output: string;
  /** Paths below it. */
  readonly files: readonly string[];
  readonly bin: string;
};

/** What to do with the files, for whoever asked for them; docs/deploy-debian.md says why. */
export function explainInstall({ output, files, bin }: InstallFacts): string {
  const units = files
    .filter((path) => /\.(service|path|timer)$/.test(path))
    .map((path) => path.slice(path.lastIndexOf('/') + 1));
  const started = units.filter((name) => !triggered(name, units));
  return `${files.length} files are in ${output}. As root:

  cp -r --no-preserve=mode,ownership ${output}/etc/. /etc/
  systemd-sysusers
  systemd-tmpfiles --create /etc/tmpfiles.d/ccci.conf
  systemctl daemon-reload
  systemctl enable --now ${started.join(' ')}

The units run the programs in ${bin}.
See that it works: systemctl status 'ccci-*', journalctl -u 'ccci-*', ccci doctor
After a change of the configuration: ccci-units again, and the same commands; what runs is not ended by them.
To start what changed: systemctl restart ccci-poll ccci-report; ccci-stage is started by the next work.
`;
}

/** True for a service that a path or a timer starts. */
function triggered(name: string, units: readonly string[]): boolean {
  if (!name.endsWith('.service')) return false;
  const base = name.slice(0, -'.service'.length);
  return units.includes(`${base}.path`) || units.includes(`${base}.timer`);
}
