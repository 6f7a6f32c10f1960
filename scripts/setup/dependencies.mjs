import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { runCommand } from './chain.mjs';
import { Stop, say } from './say.mjs';

const wantedNode = 24;

// pnpm's .bin/node waits for Node instead of becoming it, so that whoever sends a signal ends the script and not Node.
// npm puts .bin first on PATH: `npm test` itself would be started by that script.
const launcher = '#!/bin/sh\nexec "${0%/*}/../node/bin/node" "$@"\n';

/** Installs the npm dependencies when the lock, a manifest or the installed Node says that they are not current. */
export async function installDependencies(root, packageManager) {
  await installIfNeeded(root, packageManager);
  const file = join(root, 'node_modules', '.bin', 'node');
  if (readIfThere(file) === launcher) return;
  writeFileSync(`${file}.new`, launcher, { mode: 0o755 });
  renameSync(`${file}.new`, file);
}

async function installIfNeeded(root, packageManager) {
  const stampFile = join(root, 'node_modules', '.setup-stamp');
  const state = fingerprint(root);
  if (state === readIfThere(stampFile) && foldersAreThere(root) && usableNode(root)) return;
  const pnpm = packageManager.split('+')[0];
  say(`installing npm dependencies with ${pnpm}`);
  rmSync(stampFile, { force: true });
  const command = [
    'npx',
    '--yes',
    pnpm,
    'install',
    '--frozen-lockfile',
    '--config.confirmModulesPurge=false',
  ];
  const status = await runCommand(command, { cwd: root, env: cleanEnv(), stdio: ['inherit', 2, 2] });
  if (status >= 128) throw new Stop(status, 'interrupted');
  if (status !== 0)
    throw new Stop(69, `this failed with status ${status}, run it by hand to see why: ${command.join(' ')}`);
  writeFileSync(stampFile, state);
}

/**
 * The Node that runs the project: the development dependency; inside `nix develop`, where a binary from npm may not
 * start at all, the shell's own. Its folder comes first on PATH, then `node_modules/.bin`.
 */
export function pickNode(root) {
  const node = usableNode(root);
  if (node === undefined) {
    throw new Stop(
      69,
      `node_modules/node is not a running Node ${wantedNode}; on NixOS run this inside \`nix develop\`, ` +
        'elsewhere delete node_modules and run it again',
    );
  }
  const bin = join(root, 'node_modules', '.bin');
  process.env.PATH = [...new Set([dirname(node), bin]), process.env.PATH].join(delimiter);
  return node;
}

function usableNode(root) {
  const own = join(root, 'node_modules', 'node', 'bin', 'node');
  if (major(own) === wantedNode) return own;
  const isShells = process.env.IN_NIX_SHELL && Number(process.versions.node.split('.')[0]) >= wantedNode;
  return isShells ? process.execPath : undefined;
}

function major(node) {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  return Number(/^v(\d+)\./.exec(stdout ?? '')?.[1]);
}

function fingerprint(root) {
  const hash = createHash('sha256');
  for (const file of [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    ...packages(root).map((p) => join(p, 'package.json')),
  ]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** The workspace packages, as folders relative to the root. */
function packages(root) {
  const tools = readdirSync(join(root, 'tools')).sort();
  return ['.', 'lib', ...tools.map((name) => join('tools', name))].filter((p) =>
    existsSync(join(root, p, 'package.json')),
  );
}

/** False when a `node_modules` of a package was deleted under a valid stamp. */
function foldersAreThere(root) {
  return packages(root).every((folder) => {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    );
    const names = Object.keys({ ...dependencies, ...devDependencies });
    return names.every((name) => existsSync(join(root, folder, 'node_modules', name)));
  });
}

function readIfThere(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Without what `npm run` adds: pnpm warns about settings that are npm's alone. */
function cleanEnv() {
  const isNpms = (name) => /^npm_(package|lifecycle|command|execpath|node_execpath)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isNpms(name)));
}
