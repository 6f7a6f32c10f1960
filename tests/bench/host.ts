import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { plainHost } from '../nixos/hosts.ts';
import { makeSite, organisation, type Site } from '../support/journey/site.ts';
import { type BuiltHost, buildHost, packageOf } from '../support/nix/build-host.ts';
import { makeNix } from '../support/nix/lab.ts';
import { makeHost } from '../support/systemd/host.ts';
import { type Bind, type Lab, startSystemd } from '../support/systemd/lab.ts';

/** A host of the module that runs: its units under a systemd, beside a test forge. */
export type RunningHost = {
  readonly site: Site;
  readonly lab: Lab;
  readonly built: BuiltHost;
  /** The Node of its programs, and of nothing else on this machine. */
  readonly node: string;
};

export type HostOptions = {
  readonly recipes: readonly string[];
  /** Lines within `services.ccci = { … };`. */
  readonly settings?: string;
  readonly binds?: readonly Bind[];
};

/**
 * Boots the host with poll, hook and report, and the stage's path unit. The engine counts as one that is elsewhere: its
 * units are not what is measured. Needs root; gone at the end.
 */
export async function* runningHost(options: HostOptions): AsyncGenerator<RunningHost> {
  // Not below /tmp: each unit has a /tmp of its own.
  const dir = mkdtempSync('/var/lib/ccci-bench-');
  chmodSync(dir, 0o755);
  const node = join(dir, 'node');
  copyFileSync(process.execPath, node);
  const site = await makeSite({ dir: join(dir, 'site'), recipes: options.recipes });
  let lab: Lab | undefined;
  try {
    const host = hostOf(site, options.settings ?? '');
    const built = await buildHost(makeNix(join(dir, 'nix')), host, packageOf({ node }));
    mkdirSync(join(dir, 'lab'));
    lab = await startSystemd(join(dir, 'lab'), [{ from: dir, to: dir }, ...(options.binds ?? [])]);
    const tokens = { read: join(site.dir, 'read-token'), write: join(site.dir, 'write-token') };
    const machine = await makeHost(lab, { ...tokens, hook: tokens.read });
    await machine.switchTo(built);
    yield { site, lab, built, node };
  } finally {
    await lab?.stop();
    await site.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function hostOf({ dir, forge }: Site, settings: string): string {
  return plainHost(`services.ccci = {
    forges = lib.mkForce { gitea = {
      url = "${forge.url}";
      organisations = [ "${organisation}" ];
      tokenFile = "/run/secrets/read";
      reportTokenFile = "/run/secrets/write";
      hookSecretFile = "/run/secrets/hook";
    }; };
    recipes.tests = "${join(dir, 'tests')}";
    hook.enable = true;
    stage.dockerHost = "unix:///run/docker.sock";
    ${settings}
  };`);
}
