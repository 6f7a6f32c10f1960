import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { defaultSettings } from '@ccci/lib/recipe/settings.ts';
import { recordTypes } from '@ccci/lib/records/types.ts';
import fastGlob from 'fast-glob';
import t from 'tap';
import { readPage, renderPage } from '../../scripts/build/manual/page.ts';

const root = join(import.meta.dirname, '..', '..');
const bin = join(root, 'dist', 'bin');
const man = join(root, 'dist', 'share', 'man');
const pages = fastGlob.sync('man*/*', { cwd: man }).sort();
const programs = fastGlob.sync('*', { cwd: bin }).sort();
const commands = ['doctor', 'explain', 'lint', 'test', 'wait'];

/** Flags in the first column of what `--help` prints. `--no-x` is `--x`. */
async function helpFlags(program: string, words: readonly string[] = []): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(bin, program), ...words, '--help'], {
    timeout: 60_000,
  });
  return flagsIn([...stdout.matchAll(/^\s*(--[a-z][a-z-]*)/gm)].map(([, flag]) => flag).join(' '));
}

/** A section of a page, its escapes taken back. */
function sectionOf(page: string, title: string): string {
  const [, section = ''] = readFileSync(join(man, page), 'utf8').split(`.SH "${title}"\n`);
  return plain(section.split(/^\.SH /m)[0] as string);
}

function plain(roff: string): string {
  return roff
    .replace(/\\f[BIP]|\\%/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\(aq', "'");
}

/** What is defined in a section: the lines behind `.TP`. */
function termsOf(section: string): readonly string[] {
  return [...section.matchAll(/^\.TP\n(.*)$/gm)].map(([, term]) => term as string);
}

function flagsIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([flag]) => flag.replace(/^--no-/, '--'));
}

const unique = (words: readonly string[]) => [...new Set(words)].sort();

t.test('each program has its page, and each flag of --help is in it and no other', async (t) => {
  for (const program of programs) {
    const page = pages.find((one) => one.split('/')[1]?.replace(/\.[18]$/, '') === program);
    if (page === undefined) {
      t.fail(`there is no page of ${program}`);
      continue;
    }
    const calls = program === 'ccci' ? commands.map((word) => [word]) : [[]];
    const help = (await Promise.all(calls.map((words) => helpFlags(program, words)))).flat();
    const written = termsOf(sectionOf(page, 'OPTIONS')).flatMap(flagsIn);
    t.ok(help.length > 4, `${program} --help names flags`);
    t.same(unique(written), unique(help), `${page}: OPTIONS are those of --help`);
    const used = flagsIn(sectionOf(page, 'SYNOPSIS')).filter((flag) => !help.includes(flag));
    t.same(used, [], `${page}: SYNOPSIS`);
  }
});

t.test('every page is read by groff and man without a word, and found by its name', async (t) => {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
  const files = pages.map((page) => join(man, page));
  const groff = spawnSync('groff', ['-man', '-t', '-Tutf8', '-ww', '-z', ...files], { encoding: 'utf8' });
  t.match(groff, { status: 0, stdout: '', stderr: '' }, 'groff');
  const shown = spawnSync('man', ['--warnings', '-l', ...files], { encoding: 'utf8', env });
  t.match(shown, { status: 0, stderr: '' }, 'man');
  const found = execFileSync('lexgrog', files, { encoding: 'utf8' });
  for (const page of pages) {
    const [name = '', section] = (page.split('/')[1] ?? '').split('.');
    t.match(
      shown.stdout,
      new RegExp(`^${name.toUpperCase()}\\(${section}\\) `, 'm'),
      `${page} has its heading`,
    );
    t.match(found, `${page}: "${name} - `, `whatis finds ${page}`);
  }
});

t.test('every record type, every setting and its default is on its page', async (t) => {
  t.same(
    unique(termsOf(sectionOf('man5/ccci-records.5', 'TYPES'))),
    unique(Object.keys(recordTypes)),
    'ccci-records(5)',
  );
  const settings = termsOf(sectionOf('man5/ccci-recipe.5', 'SETTINGS')).join(', ');
  const written = [...settings.matchAll(/([a-zA-Z.]+) \((.*?)\)/g)].map(
    ([, key, value]) => `${key} ${value}`,
  );
  t.same(unique(written), unique(leaves(defaultSettings, '')), 'ccci-recipe(5)');
});

/** `health.path /` for each key that has no keys of its own. */
function leaves(value: object, path: string): readonly string[] {
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    const key = path === '' ? name : `${path}.${name}`;
    const isSection = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0;
    if (isSection && !Array.isArray(inner)) return leaves(inner, key);
    return [`${key} ${typeof inner === 'string' ? inner : JSON.stringify(inner)}`];
  });
}

t.test('words stay words, whatever they look like', async (t) => {
  const text = `# x-y(1)\n\n## Name\n\nx-y - a \\ in a name\n\n## Text\n\nHere\n.PP is no request,\n'nor this; \`\\fB 'a' ~^ --b\` *c* **d** … ✓
\n| head | of |\n|---|---|\n| .a | \`b|c\` |\n\n\`t\`\n: one\n  two\n\`--flag X\`\n: three\n\n    .code \\n "q"\n\n- item\n\n      more\n`;
  const file = join(t.testdir({ 'x.1': renderPage(readPage(text, 'x.md'), '1.2.3', ['z(5)']) }), 'x.1');
  const env = { ...process.env, LC_ALL: 'C.UTF-8', MANWIDTH: '80' };
  const { stdout, stderr } = spawnSync('man', ['--warnings', '-l', file], { encoding: 'utf8', env });
  t.equal(stderr, '');
  const seen = stdout.replace(/\s+/g, ' ');
  t.match(seen, 'NAME x-y - a \\ in a name TEXT');
  t.match(seen, "Here .PP is no request, 'nor this; \\fB 'a' ~^ --b c d … ✓");
  t.match(seen, 'head of .a b|c t one two --flag X three .code \\n "q" • item more SEE ALSO z(5)');
});

t.test('a page that cannot be read says which, and what was expected', async (t) => {
  t.throws(
    () => readPage('hello', 'a.md'),
    /^a\.md: expected a first line such as "# ccci-poll\(1\)"$|a\.md/,
  );
  t.throws(() => readPage('# a(1)\n\n## Names\n\nb', 'a.md'), {
    message: /a\.md: expected a section "Name"/,
  });
  const image = readPage('# a(1)\n\n## Name\n\na - b\n\n## C\n\n![x](y)\n', 'a.md');
  t.throws(() => renderPage(image, '1', []), { message: /a manual cannot show image/ });
});
