import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { runCommand } from './chain.mjs';
import { explainClient, hasNewClient } from './client.mjs';
import { find } from './find.mjs';
import { withoutStartingServices } from './quiet.mjs';
import { Stop, say } from './say.mjs';

/** What has to be on PATH, and the Debian package that brings it. */
const parts = [
  ['dockerd', 'docker.io'],
  ['iptables', 'iptables'],
  ['restic', 'restic'],
  ['jq', 'jq'],
  ['git', 'git'],
  ['bwrap', 'bubblewrap'],
  ['strace', 'strace'],
  ['nsenter', 'util-linux'],
  ['unshare', 'util-linux'],
  ['flock', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['ip', 'iproute2'],
  ['tar', 'tar'],
  ['busybox', 'busybox-static', isStatic],
];

/**
 * What tests use besides: a browser is half a gigabyte, and the demo does without; Nix, systemd, the web servers that
 * pages are served by, and what reads manuals.
 */
const testParts = [
  ['chromium', 'chromium'],
  ['python3', 'python3-pytest', hasPytest],
  ['nix-instantiate', 'nix-bin'],
  ['systemd-analyze', 'systemd'],
  ['curl', 'curl'],
  ['nginx', 'nginx-light'],
  ['caddy', 'caddy'],
  ['openssl', 'openssl'],
  ['man', 'man-db'],
  ['groff', 'groff-base'],
  ['zsh', 'zsh'],
  ['fish', 'fish'],
];

const special = { busybox: 'busybox (static)', python3: 'python3 with pytest' };

/** Installs the missing system parts by apt-get; where it may or can not, stops with the command to run. */
export async function installSystemParts({ forTests = false } = {}) {
  const wanted = forTests ? [...parts, ...testParts] : parts;
  const missing = wanted.filter((part) => !isThere(part));
  if (missing.length > 0) await install(missing);
  if (!hasNewClient()) await installClient();
}

function isThere([command, , accepts]) {
  const file = find(command);
  return file !== undefined && (accepts === undefined || accepts(file));
}

async function install(missing) {
  const packages = [...new Set(missing.map(([, name]) => name))];
  const names = missing.map(([command]) => special[command] ?? command).join(', ');
  refuseUnlessAllowed(`missing: ${names}`, packages);
  say(`missing: ${names}; installing ${packages.join(' ')} by apt-get`);
  await withoutStartingServices(packages, () => aptInstall(packages));
  const still = missing.filter((part) => !isThere(part)).map(([command]) => command);
  if (still.length > 0) throw new Stop(69, `still missing after the installation: ${still.join(', ')}`);
}

function refuseUnlessAllowed(problem, packages) {
  const command = `apt-get update && apt-get install --no-install-recommends ${packages.join(' ')}`;
  if (process.env.IN_NIX_SHELL) {
    throw new Stop(
      69,
      `${problem}; inside \`nix develop\` nothing is installed: add it to modules/dev-shell.nix`,
    );
  }
  if (!find('apt-get')) {
    throw new Stop(
      69,
      `${problem}; there is no apt-get here: install what Debian has as ${packages.join(' ')}, or run this inside \`nix develop\``,
    );
  }
  if (process.getuid?.() !== 0) throw new Stop(69, `${problem}; run as root, then try again: ${command}`);
}

async function aptInstall(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const options = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await expectZero(['apt-get', 'update', '-qq'], options);
  await expectZero(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages], options);
}

async function expectZero(command, options) {
  const status = await runCommand(command, options);
  if (status >= 128) throw new Stop(status, 'interrupted');
  if (status !== 0)
    throw new Stop(69, `this failed with status ${status}, run it by hand to see why: ${command.join(' ')}`);
}

/** Newer Debians have the client in a package of its own, new enough; elsewhere the user has to choose a source. */
async function installClient() {
  const isOwnPackage =
    !find('docker') && find('apt-get') && !process.env.IN_NIX_SHELL && process.getuid?.() === 0;
  if (isOwnPackage) {
    say('missing: docker (the client); trying docker-cli by apt-get');
    await aptInstall(['docker-cli']).catch(() => {});
  }
  if (!hasNewClient()) throw new Stop(69, explainClient());
}

/** Any Python that ccci would find: the first on PATH, or the system's own. */
function hasPytest(file) {
  const asked = [file, '/usr/bin/python3'];
  return asked.some(
    (python) => spawnSync(python, ['-I', '-c', 'import pytest'], { timeout: 20_000 }).status === 0,
  );
}

/** The test images hold busybox and nothing else, no C library: only an executable without an ELF interpreter runs there. */
function isStatic(file) {
  const elf = readFileSync(file);
  const is64 = elf[4] === 2;
  const at = is64 ? Number(elf.readBigUInt64LE(32)) : elf.readUInt32LE(28);
  const size = elf.readUInt16LE(is64 ? 54 : 42);
  const count = elf.readUInt16LE(is64 ? 56 : 44);
  const types = Array.from({ length: count }, (_, index) => elf.readUInt32LE(at + index * size));
  return !types.includes(3);
}
