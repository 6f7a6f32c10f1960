import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { bundle } from '../../scripts/build/bundle.ts';
import { pack } from '../../scripts/build/pack.ts';

const source = {
  'main.ts': `#!/usr/bin/env node
    import { readFileSync } from 'node:fs';
    import { Shared } from './shared.ts';
    declare const CCCI_VERSION: string;
    async function runProgram() {
      if (process.argv[2] === 'early') return console.log(CCCI_VERSION, typeof readFileSync);
      const { late } = await import('./late.ts');
      const { promises } = await import('node:fs');
      console.log(late(Shared), typeof promises.readFile, import.meta.url.startsWith('file:///'));
    }
await runProgram();`,
  'shared.ts': 'export class Shared {}',
  'late.ts': `import { Shared } from './shared.ts';
    import old from './old.cjs';
    export const late = (other: unknown) => [/\\/\\*x*/.test('/*xx'), '*/', 'gr\u00fcn \u{1f600}', other === Shared, old()].join(' ');`,
  'old.cjs': `const os = require('os'); module.exports = () => typeof os.cpus;`,
};

/** Outside the repository: its package.json must not be needed. */
const dir = mkdtempSync(join(tmpdir(), 'ccci-pack-'));
t.teardown(() => rmSync(dir, { recursive: true }));
for (const [name, text] of Object.entries(source)) writeFileSync(join(dir, name), text);
const program = join(dir, 'program');
const text = pack(await bundle(join(dir, 'main.ts'), '1.2.3'));
writeFileSync(program, text);
chmodSync(program, 0o755);

const run = (file: string, ...args: string[]) =>
  execFileSync(file, args, { encoding: 'utf8', timeout: 60_000 });
const expected = 'true */ gr\u00fcn \u{1f600} true function function true\n';

t.test('one file that starts, whole, early and late parts', async (t) => {
  t.equal(run(program, 'early'), '1.2.3 function\n');
  t.equal(
    run(program),
    expected,
    'regular expressions, comments, Unicode, shared classes and CommonJS survive',
  );
  t.equal(run(process.execPath, program), expected);
});

t.test('from a symlink, as a copy, and where packages are CommonJS', async (t) => {
  symlinkSync(program, join(dir, 'link'));
  t.equal(run(join(dir, 'link')), expected);
  mkdirSync(join(dir, 'bin'));
  writeFileSync(join(dir, 'bin', 'package.json'), '{"type":"commonjs"}');
  copyFileSync(program, join(dir, 'bin', 'copy'));
  t.equal(run(join(dir, 'bin', 'copy')), expected);
});

t.test('what is late is not parsed at the start', async (t) => {
  const code = text.slice(0, text.indexOf('\n/*'));
  t.match(code, '1.2.3');
  t.notMatch(code, 'cpus', 'it lies in the comment at the end');
  t.match(text.slice(code.length), /^\n\/\*[A-Za-z0-9+/=]+\*\/\n$/);
});

t.test('the same sources give the same bytes', async (t) => {
  t.equal(pack(await bundle(join(dir, 'main.ts'), '1.2.3')), text);
});

t.test('a program goes on with its own file when a new build takes the place', async (t) => {
  const replaced = join(dir, 'replaced');
  copyFileSync(program, replaced);
  const script = `process.argv[1] = ${JSON.stringify(replaced)};
    const fs = require('node:fs'); const open = fs.openSync;
    fs.openSync = (...args) => { const file = open(...args); fs.renameSync(${JSON.stringify(join(dir, 'late.ts'))}, ${JSON.stringify(replaced)}); fs.openSync = open; return file; };
    require(${JSON.stringify(replaced)});`;
  t.equal(run(process.execPath, '-e', script), expected);
});
