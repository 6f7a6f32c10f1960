/** The examples in Nix of all pages are hosts that evaluate: a wrong name of an option or a package is noticed. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t, { type Test } from 'tap';
import { plainHost } from '../nixos/hosts.ts';
import { makeNix, onHost, realNixpkgs } from '../support/nix/lab.ts';
import { fencedBlocks } from './markdown.ts';

const top = join(import.meta.dirname, '..', '..');
t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-docs-nix-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const nix = makeNix(join(dir, 'nix'));

const pages = fastGlob.sync(['*.md', 'docs/*.md', 'tools/*/README.md'], { cwd: top });
const examples = pages.flatMap((page) =>
  fencedBlocks(readFileSync(join(top, page), 'utf8'))
    .filter(({ language }) => language === 'nix')
    .map((block) => ({ ...block, at: `${page}:${block.line}` })),
);
const isFlake = (text: string) => text.includes('outputs =');
const isModule = (text: string) => /^\{[^}]*\}:/.test(text);
const flakes = examples.filter(({ text }) => isFlake(text));
const modules = examples.filter(({ text }) => isModule(text) && !isFlake(text));
const parts = examples.filter(({ text }) => !isModule(text) && !isFlake(text));

t.test('there are examples of each kind', async (t) => {
  t.same([flakes.length, modules.length], [1, 1], 'a flake, and the module that it names');
  t.ok(parts.length > 0, 'parts of a host');
});

t.test('the flake of the page is a host', async (t) => {
  const [flake, module] = [flakes[0]?.text ?? '', modules[0]?.text ?? ''];
  await t.resolves(hostOf(flake, module));
  const wrong: readonly (readonly [from: string, to: string, says: RegExp])[] = [
    ['organisations', 'organizations', /forges\.git\.organizations.* does not exist/],
    ['forceSSL', 'forceTLS', /forceTLS.* does not exist/],
    ['pkgs.imagemagick', 'pkgs.imagemagic', /imagemagic/],
    ['acceptTerms = true;', '', /acceptTerms/],
    ['reportTokenFile', 'hookSecretFile', /reportTokenFile is not set/],
  ];
  for (const [from, to, says] of wrong)
    await isNoticed(t, module, from, to, says, (text) => hostOf(flake, text));
  await isNoticed(t, flake, 'ccci.nixosModules', 'ccci.modules', /modules/, (text) => hostOf(text, module));
});

for (const { at, text } of parts) {
  t.test(`${at} is a part of a host`, async (t) => {
    t.same(await partOf(text), []);
    await isNoticed(t, text, ' = ', 's = ', /does not exist/, partOf);
  });
}

async function isNoticed(
  t: Test,
  text: string,
  from: string,
  to: string,
  says: RegExp,
  asHost: (text: string) => Promise<unknown>,
): Promise<void> {
  t.ok(text.includes(from), `${from} is in the example`);
  await t.rejects(asHost(text.replace(from, to)), { message: says }, `${from} -> ${to}`);
}

/** What is missing on a host that has this, too. */
function partOf(text: string): Promise<unknown> {
  return nix.evaluate(`${onHost(plainHost(text))}.failed`);
}

/** The system of a flake beside its `ci.nix`, and what a machine has besides; its assertions hold. */
async function hostOf(flake: string, module: string): Promise<unknown> {
  const folder = mkdtempSync(join(dir, 'host-'));
  mkdirSync(join(folder, 'tests'));
  writeFileSync(join(folder, 'flake.nix'), flake);
  writeFileSync(join(folder, 'ci.nix'), module);
  writeFileSync(
    join(folder, 'hardware.nix'),
    `{ boot.loader.grub.device = "/dev/sda"; fileSystems."/" = { device = "/dev/sda1"; fsType = "ext4"; };
       system.stateVersion = "26.05"; users.users.ana.isNormalUser = true; }`,
  );
  const standIn = join(top, 'tests/support/nix/stand-in');
  const nixosSystem =
    realNixpkgs === undefined
      ? `import ${standIn}/nixos-system.nix { self = { inherit lib; legacyPackages.x86_64-linux = pkgs; }; }`
      : `import ${realNixpkgs}/nixos/lib/eval-config.nix`;
  return nix.evaluate(`
    let
      inherit (${onHost('')}) lib pkgs;
      module = { lib, ... }: {
        imports = [ ${join(top, 'modules/nixos.nix')} ];
        services.ccci.package = lib.mkDefault (pkgs.runCommand "ccci" { } "mkdir $out");
      };
      made = (import ${folder}/flake.nix).outputs {
        nixpkgs.lib.nixosSystem = ${nixosSystem};
        ccci.nixosModules.default = module;
      };
    in made.nixosConfigurations.ci.config.system.build.toplevel.drvPath`);
}
