/** The VM test, as far as it goes without machines: its nodes evaluate, and its script asks the driver for what it has. */
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { makeNix, onHost } from '../support/nix/lab.ts';

const run = promisify(execFile);
const here = import.meta.dirname;
t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-vm-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const nix = makeNix(join(dir, 'nix'));
t.comment('no machine is started here: `nix build -L .#vmTests.gitea` does, where there is KVM');

const scriptText = readFileSync(join(here, 'vm', 'gitea.py'), 'utf8');

/** The test on a package that nobody builds, its nodes changed by `change`, a function of Nix. */
const testWith = (change = 'nodes: nodes') => `
  let
    inherit (${onHost('')}) pkgs;
    test = import ${join(here, 'vm', 'gitea.nix')} { inherit pkgs; ccci = pkgs.runCommand "ccci" { } "mkdir $out"; };
  in pkgs.testers.runNixOSTest (test // { nodes = (${change}) test.nodes; })`;

t.test('its nodes are hosts, and its script is checked', async (t) => {
  const driver = await nix.evaluate(`(${testWith()}).driver.drvPath`);
  t.match(driver, /-nixos-test-driver-ccci-gitea\.drv$/);
  await t.resolves(check(scriptText));
});

t.test('the image has the programs that the recipe starts', async (t) => {
  const image = await nix.build(`(${testWith()}).nodes.ci.environment.etc."ccci-test/image".source`);
  if (!image.endsWith('.json')) return t.comment('a real one, which docker load reads');
  const { copyToRoot } = JSON.parse(readFileSync(image, 'utf8')) as { readonly copyToRoot: string };
  for (const name of ['sh', 'httpd', 'wget', 'timeout'])
    t.ok(existsSync(join(copyToRoot, 'bin', name)), name);
});

t.test('a node that cannot work is refused', async (t) => {
  const ci = (text: string) => `nodes: nodes // { ci = { lib, ... }: { imports = [ nodes.ci ]; ${text} }; }`;
  const broken: readonly (readonly [change: string, says: RegExp])[] = [
    [ci('services.ccci.forges.gitea.reportTokenFile = lib.mkForce null;'), /reportTokenFile is not set/],
    [ci('services.ccci.forge = { };'), /services\.ccci\.forge.* does not exist/],
    [ci('virtualisation.memory = 2048;'), /virtualisation\.memory.* does not exist/],
    [ci('virtualisation.diskSize = lib.mkForce "8G";'), /virtualisation\.diskSize.* is not of type/],
    // Its packages are given to a node.
    [ci('nixpkgs.overlays = [ (final: prev: { }) ];'), /nixpkgs/],
  ];
  for (const [change, says] of broken) {
    const asked = nix.evaluate(`(${testWith(change)}).driver.drvPath`);
    await t.rejects(asked, { message: says }, change);
  }
});

t.test('a script that the driver cannot run is refused', async (t) => {
  const broken: readonly (readonly [from: string, to: string, says: RegExp])[] = [
    ['start_all()', 'start_all(', /SyntaxError/],
    ['start_all()', 'start_al()', /start_al is neither a node nor a name of the driver/],
    ['ci.shutdown()', 'ci.shut_down()', /ci\.shut_down: the driver's machines have no such method/],
    ['ci.start()', 'ci.start(True, 3)', /ci\.start: too many positional arguments/],
    ['ci.start()', 'ci.wait_for_unit()', /ci\.wait_for_unit: missing a required argument/],
    ['ci.start()', 'ci.wait_for_unit("docker.service", timeout=9)', /unexpected keyword argument 'timeout'/],
    ['ci.start()', 'worker.start()', /worker is neither a node/],
  ];
  for (const [from, to, says] of broken) {
    t.ok(scriptText.includes(from), `${from} is there to be broken`);
    await t.rejects(check(scriptText.replace(from, to)), { message: says }, to);
  }
});

/** As the driver of the stand-in does when it is built. */
async function check(text: string): Promise<void> {
  const [file, checker] = [join(dir, 'script.py'), join(here, '../support/nix/stand-in/check-script.py')];
  writeFileSync(file, text);
  await run('python3', [checker, file, 'ci', 'gitea']);
}
