import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { renderNpmSources } from '../../scripts/build/npm-sources.ts';
import { copyFlake, knownPackages, serveRegistry, storePackages } from '../support/nix/flake.ts';
import { makeNix, realNixpkgs } from '../support/nix/lab.ts';

const root = join(import.meta.dirname, '..', '..');
const system = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux`;

t.test('npm-sources.json is what the lock says', async (t) => {
  const text = readFileSync(join(root, 'modules', 'npm-sources.json'), 'utf8');
  t.equal(text, await renderNpmSources(root), 'run `npm run npm-sources` after a change of pnpm-lock.yaml');
  t.notMatch(text, /https?:/, 'it names no address');
});

t.test('the lock file and what is never named', async (t) => {
  const lock = JSON.parse(readFileSync(join(root, 'flake.lock'), 'utf8'));
  t.match(lock.nodes.nixpkgs, {
    locked: { narHash: /^sha256-.{44}$/, rev: /^[0-9a-f]{40}$/, type: 'github' },
    original: { owner: 'NixOS', repo: 'nixpkgs', ref: 'nixos-26.05' },
  });
  const flake = readFileSync(join(root, 'flake.nix'), 'utf8');
  t.match(flake, `github:NixOS/nixpkgs/${lock.nodes.nixpkgs.original.ref}`);
  const files = execFileSync('git', ['ls-files', '*.nix'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');
  const insecure = ['nodejs', '20'].join('_');
  for (const file of files) t.notMatch(readFileSync(join(root, file), 'utf8'), insecure, file);
});

t.test('the flake', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'ccci-flake-'));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const packages = knownPackages();
  // One of them Nix gets by itself.
  const fetched = packages.find(({ name }) => name === 'is-number');
  const registry = fetched === undefined ? undefined : await serveRegistry(fetched);
  t.teardown(() => registry?.close());
  const nix = makeNix(join(dir, 'nix'), registry === undefined ? {} : { npm_config_registry: registry.url });
  const flake = copyFlake(nix, dir);

  await t.test('what it offers', async (t) => {
    const shown = JSON.parse(await flake.nix(['flake', 'show', '--json'])) as Record<string, never>;
    const names = readdirSync(join(root, 'dist', 'bin')).sort();
    t.same(Object.keys(shown.packages?.[system] ?? {}).sort(), [...names, 'default'].sort(), 'every program');
    t.same(Object.keys(shown.apps?.[system] ?? {}), ['default', 'demo']);
    const kinds = ['devShells', 'formatter', 'checks', 'nixosModules', 'nixosConfigurations', 'overlays'];
    for (const kind of kinds) t.ok(shown[kind], kind);
  });

  await t.test('the VM test has a driver, beside the checks', async (t) => {
    const driver = await flake.nix(['eval', '--raw'], ['#vmTests.gitea.driver.drvPath']);
    t.match(driver, /-nixos-test-driver-ccci-gitea\.drv$/);
  });

  await t.test('the example of a host runs what the flake builds', async (t) => {
    const asked =
      'c: { start = c.systemd.services.ccci-report.serviceConfig.ExecStart; built = c.services.ccci.package.outPath; }';
    const host = '#nixosConfigurations.example.config';
    const { start, built } = JSON.parse(await flake.nix(['eval', '--json', '--apply', asked], [host])) as {
      readonly start: string;
      readonly built: string;
    };
    t.match(built, /-ccci-\d/);
    t.ok(start.startsWith(`${built}/bin/ccci-report `), `${start} of ${built}`);
  });

  if (realNixpkgs !== undefined) {
    await t.test('nix flake check, with a real nixpkgs, nothing built', async (t) => {
      await flake.nix(['flake', 'check', '--no-build']);
      t.pass('it ends with 0');
    });
    return;
  }

  if (registry === undefined) {
    t.pass('the flake is built', {
      skip: 'npm run setup could not get the npm packages: is there a network?',
    });
    return;
  }
  await storePackages(
    nix,
    join(dir, 'packed'),
    packages.filter((one) => one !== fetched),
  );

  await t.test('nix flake check builds and starts every program', async (t) => {
    await flake.nix(['flake', 'check']);
    t.match(
      registry.asked.join(' '),
      /\/is-number \/.*\.tgz/,
      'npm was asked for the package that was not there',
    );
  });

  const built = join(dir, 'result');
  await flake.nix(['build', '--out-link', built], ['#ccci', '#ccci-poll', `#devShells.${system}.default`]);

  await t.test('what Nix builds is what `npm run build` makes, byte for byte', async (t) => {
    for (const [folder, ours] of [
      ['lib/ccci', 'dist'],
      ['share', 'dist/share'],
    ] as const) {
      const known = readdirSync(join(built, folder)).sort();
      // Besides: what the demo leaves, and packages.
      const made = readdirSync(join(root, ours)).filter((name) => !/^\.|^demo$|^share$|\.tgz$/.test(name));
      t.same(known, made.sort(), folder);
      for (const name of known) {
        const [theirs, mine] = [join(built, folder, name), join(root, ours, name)];
        t.same(treeOf(theirs), treeOf(mine), `${folder}/${name}`);
        execFileSync('diff', ['-r', theirs, mine]);
      }
    }
  });

  await t.test('programs find what they need with nothing of the machine', async (t) => {
    const doctor = runAlone(join(built, 'bin', 'ccci'), ['doctor', '--json']);
    const found = new Map(doctor.checks.map(({ name, state }) => [name, state]));
    for (const name of ['git', 'restic', 'flock', 'node']) t.equal(found.get(name), 'ok', name);
    const lines = readFileSync(join(built, 'bin', 'ccci-poll'), 'utf8');
    t.notMatch(lines, /docker|restic|chromium/, 'ccci-poll is given no more than it needs');
    const [, path = ''] = /PATH=(\S+?)\$/.exec(readFileSync(join(built, 'bin', 'ccci-stage'), 'utf8')) ?? [];
    const given = path.split(':').flatMap((folder) => readdirSync(folder));
    for (const name of ['busybox', 'bwrap', 'docker', 'git', 'restic']) t.ok(given.includes(name), name);
  });

  await t.test('the shell has what set-up and the box look for', async (t) => {
    const inputs = [`#devShells.${system}.default.nativeBuildInputs`];
    const folders = JSON.parse(await flake.nix(['eval', '--json'], inputs)) as readonly string[];
    const given = folders.flatMap((folder) => readdirSync(join(folder, 'bin')));
    const parts = readFileSync(join(root, 'scripts/setup/system.mjs'), 'utf8').matchAll(
      /^ {2}\['([\w-]+)', '/gm,
    );
    // tar is part of every shell of Nix.
    const wanted = [...parts].map(([, name = '']) => name).filter((name) => name !== 'tar');
    t.ok(wanted.length > 20, `${wanted.length} programs`);
    for (const name of [...wanted, 'docker', 'tini', 'npx']) t.ok(given.includes(name), name);
  });

  await t.test('one program alone has its page and its completions', async (t) => {
    const alone = `${built}-1`;
    t.same(readdirSync(join(alone, 'bin')), ['ccci-poll']);
    for (const file of [
      'man/man1/ccci-poll.1',
      'bash-completion/completions/ccci-poll',
      'zsh/site-functions/_ccci-poll',
      'fish/vendor_completions.d/ccci-poll.fish',
    ])
      t.ok(existsSync(join(alone, 'share', file)), file);
  });
});

type Doctor = { readonly checks: readonly { readonly name: string; readonly state: string }[] };

function runAlone(file: string, words: readonly string[]): Doctor {
  const env = { PATH: '', HOME: '/nonexistent', DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  try {
    return JSON.parse(execFileSync(file, words, { env, encoding: 'utf8', timeout: 60_000 })) as Doctor;
  } catch (error) {
    // Without an engine it ends with 69, and prints what it has found all the same.
    return JSON.parse((error as { stdout: string }).stdout) as Doctor;
  }
}

/** Names and modes below a folder, or of a file. */
function treeOf(path: string): unknown {
  const status = statSync(path);
  if (!status.isDirectory()) return (status.mode & 0o111) !== 0 ? 'program' : 'file';
  return Object.fromEntries(
    readdirSync(path)
      .sort()
      .map((name) => [name, treeOf(join(path, name))]),
  );
}
