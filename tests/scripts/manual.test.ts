import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, settingsSchema } from '@ccci/lib/recipe/settings.ts';
import { recordTypes } from '@ccci/lib/records/types.ts';
import fastGlob from 'fast-glob';
import t from 'tap';
import { z } from 'zod';
import { columnsOf } from '../../scripts/build/manual/definitions.ts';
import { readPage, renderPage } from '../../scripts/build/manual/page.ts';
import { plain, readManPage } from '../docs/man-page.ts';

const root = join(import.meta.dirname, '..', '..');
const man = join(root, 'dist', 'share', 'man');
const pages = fastGlob.sync('man*/*', { cwd: man }).sort();

const sources = fastGlob.sync(['tools/*/README.md', 'docs/manual/*.md'], { cwd: root }).sort();
/** Sections whose columns become definitions, and how far man sets code in. */
const lists = /^(Options|Environment|Files|Exit status)$/;
const setIn = 11;

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

t.test('every page that a unit names is there', async (t) => {
  const units = readFileSync(join(root, 'modules', 'units.json'), 'utf8');
  const named = [...units.matchAll(/man:([\w-]+)\((\d)\)/g)].map(
    ([, name, section]) => `man${section}/${name}.${section}`,
  );
  t.ok(named.length > 5, `${named.length} are named`);
  t.same(
    named.filter((page) => !pages.includes(page)),
    [],
  );
});

t.test('every record type, every setting and its default is on its page', async (t) => {
  t.same(termsOf('man5/ccci-records.5', 'TYPES').sort(), Object.keys(recordTypes).sort(), 'ccci-records(5)');
  const settings = termsOf('man5/ccci-recipe.5', 'SETTINGS').join(', ');
  const written = [...settings.matchAll(/([a-zA-Z.]+) \((.*?)\)/g)].map(
    ([, key, value]) => `${key} ${value}`,
  );
  t.same(written.sort(), [...leaves(defaultSettings, '')].sort(), 'ccci-recipe(5)');
  const said = plain(readManPage(join(man, 'man5/ccci-recipe.5')).section('SETTINGS'));
  const names = namesIn(z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }));
  t.ok(names.includes('stable') && names.includes('functional'), 'inner names too');
  t.same(
    names.filter((name) => !new RegExp(`\\b${name}\\b`).test(said)),
    [],
    'ccci-recipe(5)',
  );
});

t.test(
  'what is to be typed fits a terminal of 80 columns; what is shown of one stays as it was',
  async (t) => {
    // Its own code of what it writes is elsewhere.
    for (const file of sources.filter((name) => name !== 'tools/units/README.md')) {
      for (const { title, blocks } of readPage(readFileSync(join(root, file), 'utf8'), file).sections) {
        for (const block of blocks) {
          if (block.type !== 'code' || block.lang === 'text') continue;
          if (block.lang == null && lists.test(title) && columnsOf(block.value) !== null) continue;
          const long = block.value.split('\n').filter((line) => line.length > 80 - setIn);
          t.same(long, [], `${file}: ${title}`);
        }
      }
    }
  },
);

/** The terms that a section of a page defines. */
function termsOf(page: string, title: string): string[] {
  return readManPage(join(man, page))
    .definitions(title)
    .map(({ term }) => term);
}

/** Keys of a JSON Schema, at any depth: of objects, and those that a record may have. */
function namesIn(schema: unknown): readonly string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const { properties = {}, propertyNames } = schema as {
    readonly properties?: object;
    readonly propertyNames?: { readonly enum?: readonly string[] };
  };
  const inner = Object.values(schema).flatMap(namesIn);
  return [...Object.keys(properties), ...(propertyNames?.enum ?? []), ...inner];
}

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
