/** `nix run .#demo`, with another npm: what it gives to the demo, and what it leaves. */
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import t from 'tap';
import { makeNix, onHost } from '../support/nix/lab.ts';

t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), 'ccci-nix-demo-'));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

t.test('the demo runs in a copy that can be written, and leaves only what is to be looked at', async (t) => {
  const source = join(dir, 'source');
  mkdirSync(join(source, 'tests'), { recursive: true });
  for (const name of ['tests/program', 'package.json']) writeFileSync(join(source, name), '');
  chmodSync(join(source, 'tests', 'program'), 0o755);
  const npm = `echo "$IN_NIX_SHELL $*"; test -x tests/program || exit 4; test ! -x package.json || exit 5
    mkdir -p dist/bin dist/demo/pages node_modules
    touch package.json dist/bin/ccci dist/demo/pages/index.html node_modules/x
    exit 3`;
  const program = await makeNix(join(dir, 'nix')).build(`
    let inherit (${onHost('')}) pkgs; in import ${join(import.meta.dirname, '../../modules/demo.nix')} {
      source = builtins.path { path = ${source}; name = "source"; };
      pkgs = pkgs // { nodejs = pkgs.writeShellApplication { name = "npm"; runtimeInputs = [ ]; text = ''${npm}''; }; };
    }`);
  const temporary = join(dir, 'tmp');
  mkdirSync(temporary);
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  const ran = promisify(execFile)(join(program, 'bin', 'ccci-demo'), { env, timeout: 60_000 });
  await t.rejects(ran, { code: 3, stdout: '1 run demo\n', stderr: '' }, 'it ends as the demo ends');
  const [copy = ''] = readdirSync(temporary);
  const left = readdirSync(join(temporary, copy), { recursive: true }).sort();
  t.same(left, ['dist', 'dist/demo', 'dist/demo/pages', 'dist/demo/pages/index.html']);
  t.ok(existsSync(join(source, 'package.json')), 'the sources are as they were');
});
