import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { find } from './find.mjs';
import { say } from './say.mjs';

const policy = '/usr/sbin/policy-rc.d';
const saved = `${policy}.before-ccci`;
const mark = '# written by ccci for the time of an installation';

/** What each package would have started at the next boot. */
const unitsOf = {
  'docker.io': ['docker.service', 'docker.socket', 'containerd.service'],
  'nginx-light': ['nginx.service'],
  caddy: ['caddy.service'],
};

/**
 * Installs with no service being started, now or at the next boot: programs are needed, running engines and web
 * servers are the user's own business. Debian asks policy-rc.d; what was there comes back afterwards, also after a failure,
 * and after a kill at the next start.
 */
export async function withoutStartingServices(packages, install) {
  restore();
  const hadContainerd = find('containerd') !== undefined;
  if (existsSync(policy)) renameSync(policy, saved);
  try {
    writeFileSync(policy, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
    await install();
  } finally {
    restore();
  }
  const units = packages.flatMap((name) => unitsOf[name] ?? []);
  disable(units.filter((unit) => unit !== 'containerd.service' || !hadContainerd));
}

function restore() {
  if (existsSync(saved)) renameSync(saved, policy);
  else if (existsSync(policy) && readFileSync(policy, 'utf8').includes(mark)) rmSync(policy);
}

function disable(units) {
  if (units.length === 0 || !find('systemctl')) return;
  const { status } = spawnSync('systemctl', ['disable', '--quiet', ...units], { timeout: 60_000 });
  if (status === 0) say(`left disabled: ${units.join(' ')} (enable what you want to run yourself)`);
}
