/**
 * The documents lead somewhere: each relative link to a file and to a heading that are there, each page of `docs/` that
 * code or text names to a page, each flag behind a program of ours to a flag of that program. `CCCI_BIN` is another folder of programs.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import fastGlob from 'fast-glob';
import t from 'tap';
import { anchorsOf, callsOf, linksOf } from './markdown.ts';

const top = join(import.meta.dirname, '..', '..');
const bin = process.env.CCCI_BIN ?? join(top, 'dist', 'bin');
const read = (path: string) => readFileSync(join(top, path), 'utf8');
const find = (patterns: string[]) =>
  fastGlob.sync(patterns, { cwd: top, ignore: ['**/node_modules/**', 'dist/**'] }).sort();
const documents = find([
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'docs/**/*.md',
  'tools/*/README.md',
]);

t.test('the reader of Markdown sees what is to be checked', async (t) => {
  t.same(linksOf('[a](b.md#c) `[no](x)` ![p](q.png "r")\n```sh\n[no](y)\n```\n[n]: z.md\n'), [
    'b.md#c',
    'q.png',
    'z.md',
  ]);
  t.same([...anchorsOf('# A `b`: c/d\n```\n# no\n```\n## X\n## X\n')], ['a-b-cd', 'x', 'x-1']);
  t.same(callsOf('    ccci-a --b | ccci-c --d=1 \\\n  [--e]\nthe `ccci test --f` of\nccci-g.service --h'), [
    { program: '-a', flags: ['b'], line: 1 },
    { program: '-c', flags: ['d', 'e'], line: 1 },
    { program: 'test', flags: ['f'], line: 2 },
  ]);
});

t.test('every relative link leads to a file, and to a heading of it', async (t) => {
  let count = 0;
  for (const document of documents) {
    for (const link of linksOf(read(document)).filter((target) => !/^[a-z]+:/.test(target))) {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? document : relative(top, resolve(top, dirname(document), file));
      count += 1;
      t.ok(existsSync(join(top, target)), `${document}: ${link} is there`);
      if (anchor === undefined || !isFile(target)) continue;
      t.ok(anchorsOf(read(target)).has(anchor), `${document}: ${link} is a heading of ${target}`);
    }
  }
  t.ok(count > 30, `${count} links were checked`);
});

t.test('every page that text or code names is there', async (t) => {
  const files = find([...documents, '{lib,tools,scripts,modules}/**/*.{ts,mjs,py,nix,md}', 'flake.nix']);
  for (const file of files) {
    for (const [name] of read(file).matchAll(/\bdocs\/[a-z-]+\.md\b/g))
      t.ok(existsSync(join(top, name)), `${file} names ${name}`);
  }
});

t.test('every flag behind a program is a flag of it', { timeout: 600_000 }, async (t) => {
  const calls = documents.flatMap((document) =>
    callsOf(read(document)).map((call) => ({ document, ...call })),
  );
  t.ok(calls.length > 60, `${calls.length} calls were checked`);
  const programs = [...new Set(calls.map(({ program }) => program))].sort();
  const known = new Map<string, Set<string>>();
  for (const program of programs) known.set(program, await flagsOf(program));
  for (const { document, program, flags, line } of calls) {
    const name = program.startsWith('-') ? `ccci${program}` : `ccci ${program}`;
    for (const flag of flags)
      t.ok(known.get(program)?.has(flag), `${document}:${line}: --${flag} is a flag of ${name}`);
  }
});

function isFile(path: string): boolean {
  return existsSync(join(top, path)) && statSync(join(top, path)).isFile();
}

/** The flags that a program's help names, in the letters of the command line; none where there is no such program. */
async function flagsOf(program: string): Promise<Set<string>> {
  const tool = join(bin, `ccci${program}`);
  const [file, args] = program.startsWith('-')
    ? [tool, ['--help']]
    : [join(bin, 'ccci'), [program, '--help']];
  const options = { env: { PATH: process.env.PATH, HOME: '/nonexistent' }, timeout: 60_000 };
  const { stdout } = await promisify(execFile)(file, args, options).catch(() => ({ stdout: '' }));
  return new Set([...stdout.matchAll(/--([a-z][a-z-]*)/g)].map(([, flag = '']) => flag));
}
