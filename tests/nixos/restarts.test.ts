/** Units that end again and again, under a real systemd: whatever is missing comes in the end, and no unit has given up by then. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { buildHost } from '../support/nix/build-host.ts';
import { makeNix } from '../support/nix/lab.ts';
import { makeHost } from '../support/systemd/host.ts';
import { startSystemd } from '../support/systemd/lab.ts';
import { plainHost } from './hosts.ts';

t.setTimeout(600_000);
const limitMs = 60_000;
/** More often than systemd takes of a unit by default, which is five times in ten seconds. */
const times = 7;

// Not below /tmp: each unit has a /tmp of its own.
const dir = mkdtempSync('/var/lib/ccci-test-');
chmodSync(dir, 0o755);
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

/** Programs that do nothing, and a stage that fails a few times and then does all work at once. */
const programs = `services.ccci = {
  checkConfiguration = false;
  package = pkgs.runCommand "ccci" { } ''
    mkdir -p $out/bin
    for name in poll dedupe hook report janitor; do
      printf '#!/bin/sh\\nexec sleep 600\\n' > $out/bin/ccci-$name
    done
    cat > $out/bin/ccci-stage <<'END'
    #!/bin/sh
    echo >> /var/lib/cc-ci-runs/tries
    [ $(/usr/bin/wc -l < /var/lib/cc-ci-runs/tries) -gt ${times} ] || exit 70
    /bin/rm /var/lib/ccci/queue/new/*
    END
    chmod +x $out/bin/*
  '';
};`;
const host = plainHost(`services.ccci = {
  stage.dockerHost = "unix:///run/docker.sock";
  hook.enable = true;
  forges.git.hookSecretFile = "/run/secrets/hook";
}; ${programs}`);
const built = await buildHost(makeNix(join(dir, 'nix')), host, '');

mkdirSync(join(dir, 'lab'));
const lab = await startSystemd(join(dir, 'lab'), [{ from: dir, to: dir }]);
t.teardown(lab.stop);
const systemctl = (...args: readonly string[]) => lab.call(['systemctl', ...args]);
const show = (unit: string, property: string) => systemctl('show', '--value', '-p', property, unit);
const services = ['ccci-poll', 'ccci-hook', 'ccci-report'];
for (const name of [...services, 'ccci-stage']) {
  const folder = lab.path(`/etc/systemd/system/${name}.service.d`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'soon.conf'), '[Service]\nRestartSec=50ms\n');
}
const machine = await makeHost(lab, {});

t.test('a secret that is not there yet is waited for', async (t) => {
  // What needs no secret is started all the same.
  await t.rejects(machine.switchTo(built), { message: /ccci-poll\.service failed/ });
  for (const name of services) {
    const isTried = async () => Number(await show(name, 'NRestarts')) > times;
    await until(isTried, `${name} to be tried ${times} times`);
  }
  mkdirSync(lab.path('/run/secrets'), { recursive: true });
  for (const name of ['read', 'write', 'hook']) writeFileSync(lab.path(`/run/secrets/${name}`), name);
  for (const name of services)
    await until(async () => (await show(name, 'ActiveState')) === 'active', `${name} to have its secret`);
});

t.test('a stage that fails is started again while there is work, and its path unit lives', async (t) => {
  const work = lab.path('/var/lib/ccci/queue/new/work');
  writeFileSync(work, '');
  await until(async () => !existsSync(work), 'the work to be done');
  const tries = readFileSync(lab.path('/var/lib/cc-ci-runs/tries'), 'utf8').length;
  t.equal(tries, times + 1);
  t.equal(await show('ccci-stage.path', 'ActiveState'), 'active');
  await until(async () => (await show('ccci-stage', 'ActiveState')) === 'inactive', 'the stage to leave');
  await systemctl('stop', 'ccci-stage.path');
  writeFileSync(work, '');
  await systemctl('start', 'ccci-stage.path');
  await until(async () => !existsSync(work), 'what was there when it began, as at boot');
});

/** Looks again and again, which takes a systemctl or a turn each time. */
async function until(look: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await look())) {
    if (Date.now() > deadline) {
      const journal = await lab.call(['journalctl', '-o', 'short-monotonic', '-n', '40', '--no-pager']);
      throw new Error(`waited ${limitMs} ms for ${what}, in vain\n${journal}`);
    }
    await show('ccci-poll', 'ActiveState');
  }
}
