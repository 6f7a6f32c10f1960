/** What the documents show of configuration and settings is understood: whole examples, and keys that the text names. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchema, sectionKeys } from '@ccci/lib/config/schema.ts';
import { settingsSchema } from '@ccci/lib/recipe/settings.ts';
import { recordTypes } from '@ccci/lib/records/types.ts';
import fastGlob from 'fast-glob';
import t from 'tap';
import { parse } from 'yaml';
import { fencedBlocks } from './markdown.ts';

const top = join(import.meta.dirname, '..', '..');
const documents = fastGlob
  .sync(['README.md', 'docs/*.md', 'docs/manual/*.md', 'tools/*/README.md'], { cwd: top })
  .sort()
  .map((name) => ({ name, text: readFileSync(join(top, name), 'utf8') }));

t.test('every example in YAML is a configuration or a recipe.yml', async (t) => {
  const found = documents.flatMap(({ name, text }) => [
    ...fencedBlocks(text)
      // Alerts are Prometheus'.
      .filter(({ language, text: block }) => language === 'yaml' && !block.startsWith('groups:'))
      .map((block) => ({ name, ...block })),
    // On pages of the manual blocks are set in.
    ...(name.startsWith('docs/manual/') ? indentedYaml(text).map((one) => ({ name, ...one })) : []),
  ]);
  t.ok(found.length > 6, `${found.length} examples`);
  for (const { name, line, text } of found) {
    const value: unknown = parse(text);
    const tried = [configSchema, settingsSchema].map((schema) => schema.safeParse(value));
    const problems = tried.map(({ error }) => error?.issues.map(({ path, message }) => [path, message]));
    t.ok(
      tried.some(({ success }) => success),
      `${name}:${line}`,
      { problems },
    );
  }
});

t.test('every key of the configuration or of recipe.yml that a text names is one', async (t) => {
  let count = 0;
  for (const { name, text } of documents.filter(({ name: page }) => page !== 'docs/deploy-nixos.md')) {
    for (const [, span = ''] of text.replaceAll(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`\n]+)`/g)) {
      const [, section = '', key = ''] = /^([a-z][a-zA-Z]*)\.([a-zA-Z]+)(?:[:. ].*)?$/.exec(span) ?? [];
      const known = keysOf(section);
      if (known.length === 0 || notKeys.has(`${section}.${key}`)) continue;
      count += 1;
      t.ok(known.includes(key), `${name}: ${span}`);
    }
  }
  t.ok(count > 60, `${count} keys`);
});

/** Names of files, records and hosts that look like keys. */
const notKeys = new Set([
  ...Object.keys(recordTypes),
  ...['lock', 'ts', 'js', 'service', 'path', 'timer'].flatMap((end) =>
    Object.keys(configSchema.shape).map((section) => `${section}.${end}`),
  ),
]);

function keysOf(section: string): readonly string[] {
  if (Object.hasOwn(configSchema.shape, section)) return sectionKeys(section);
  const inner = settingsSchema.shape[section as 'health'] as unknown as
    | { readonly def?: unknown }
    | undefined;
  return shapeKeys(inner);
}

/** Keys of what may be wrapped in a default or in null. */
function shapeKeys(schema: unknown): readonly string[] {
  const { shape, unwrap } = (schema ?? {}) as { readonly shape?: object; readonly unwrap?: () => unknown };
  if (shape !== undefined) return Object.keys(shape);
  return unwrap === undefined ? [] : shapeKeys(unwrap.call(schema));
}

/** Blocks that are set in by four blanks and begin with a key. */
function indentedYaml(text: string): readonly { readonly line: number; readonly text: string }[] {
  return [...text.matchAll(/(?<=\n\n)(?: {4}.*\n)+/g)]
    .map(({ 0: block, index }) => ({
      line: text.slice(0, index).split('\n').length,
      text: block.replaceAll(/^ {4}/gm, ''),
    }))
    .filter(({ text: block }) => /^[a-z]+: /.test(block));
}
