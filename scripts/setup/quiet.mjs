import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { find } from './find.mjs';
import { say } from './say.mjs';

const policy = '/usr/sbin/policy-rc.d';
const saved = `${policy}.before-ccci`;
const mark = '# written by ccci for the time of an installation';

/**
 * Installs with no service being started, now or at the next boot: the engine's program is needed, a running engine
 * is the user's own business. Debian asks policy-rc.d; what was there comes back afterwards, also after a failure,
 * and after a kill at the next start.
 */
export async function withoutStartingServices(bringsEngine, install) {
  restore();
  const hadContainerd = find('containerd') !== undefined;
  if (existsSync(policy)) renameSync(policy, saved);
  try {
    writeFileSync(policy, `#!/bin/sh\n${mark}\nexit 101\n`, { mode: 0o755 });
    await install();
  } finally {
    restore();
  }
  if (bringsEngine)
    disable(['docker.service', 'docker.socket', ...(hadContainerd ? [] : ['containerd.service'])]);
}

function restore() {
  if (existsSync(saved)) renameSync(saved, policy);
  else if (existsSync(policy) && readFileSync(policy, 'utf8').includes(mark)) rmSync(policy);
}

function disable(units) {
  if (!find('systemctl')) return;
  const { status } = spawnSync('systemctl', ['disable', '--quiet', ...units], { timeout: 60_000 });
  if (status === 0) say(`left disabled: ${units.join(' ')} (enable them if you want an engine of your own)`);
}
