import { configSchema } from '@ccci/lib/config/schema.ts';
import { recordTypes } from '@ccci/lib/records/types.ts';
import { z } from 'zod';
import { parseMarkdown } from './markdown.ts';
import type { Page } from './page.ts';

type Section = Page['sections'][number];

/** What the code knows better than a page that was written: added to the page of that name. */
export function generatedSections(pages: readonly Page[]): Readonly<Record<string, readonly Section[]>> {
  return {
    'ccci(7)': [section('Programs', programs(pages)), section('Keys of the configuration', keys())],
    'ccci-records(5)': [section('Fields by type', fields()), section('Examples', examples())],
  };
}

/** What `man` is asked for: `ccci-poll(1)`. */
export function referenceOf({ name, section }: Pick<Page, 'name' | 'section'>): string {
  return `${name}(${section})`;
}

function section(title: string, markdown: string): Section {
  return { title, blocks: parseMarkdown(markdown) };
}

function programs(pages: readonly Page[]): string {
  const all = pages.filter(({ section }) => section === 1 || section === 8);
  return all.map((page) => `\`${referenceOf(page)}\`\n: ${page.summary}\n`).join('');
}

function fields(): string {
  return Object.entries(recordTypes)
    .map(([type, { schema }]) => {
      const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' });
      const own = Object.keys(properties).filter((name) => !common.includes(name));
      const always = own.filter((name) => required.includes(name));
      const sometimes = own.filter((name) => !required.includes(name));
      return `\`${type}\`\n: ${[listOf('always', always), listOf('also', sometimes)].filter(Boolean).join('; ')}\n`;
    })
    .join('');
}

const common = ['type', 'v', 'at', 'by', 'key', 'run'];

function listOf(word: string, names: readonly string[]): string {
  return names.length === 0 ? '' : `${word} ${names.map((name) => `\`${name}\``).join(', ')}`;
}

/** In a pipe each of them is one line. */
function examples(): string {
  const texts = Object.values(recordTypes).map(({ example }) => JSON.stringify(example, undefined, 2));
  return `On several lines, to be read; in a pipe each is one.\n\n${indent(texts.join('\n'))}\n`;
}

type Json = { readonly properties?: Readonly<Record<string, Json>>; readonly default?: unknown } & Readonly<
  Record<string, unknown>
>;

function keys(): string {
  const all = keysOf(z.toJSONSchema(configSchema, { io: 'input' }) as Json, '');
  const width = Math.max(...all.map(([key]) => key.length)) + 3;
  return indent(all.map(([key, value]) => `${key.padEnd(width)}${value}`.trimEnd()).join('\n'));
}

/** `stage.slots` to what holds where it is left out. */
function keysOf(schema: Json, path: string): readonly (readonly [key: string, value: string])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => {
    const key = path === '' ? name : `${path}.${name}`;
    if (inner.properties !== undefined) return keysOf(inner, key);
    const perForge = key === 'forges' ? keysOf(inner.additionalProperties as Json, 'forges.NAME') : null;
    return perForge ?? [[key, inner.default === undefined ? '' : JSON.stringify(inner.default)]];
  });
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}
