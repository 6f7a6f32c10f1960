/** The table of `recipe.yml` in docs/enrol-a-recipe.md has every key that there is, and no other, with its default. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultSettings, settingsSchema } from '@ccci/lib/recipe/settings.ts';
import t from 'tap';
import { z } from 'zod';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'enrol-a-recipe.md'), 'utf8');
const rows = [...page.matchAll(/^\| `([a-zA-Z.]+)` \|([^|]*)\|/gm)]
  .map(([, key = '', value = '']) => ({ key, value: value.trim().replaceAll('`', '') }))
  .filter(({ key }) => Object.hasOwn(settingsSchema.shape, key.split('.')[0] as string));

type Node = { readonly properties?: Readonly<Record<string, Node>>; readonly anyOf?: readonly Node[] };

t.test('the table of settings has every key', async (t) => {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' }) as Node;
  t.same(rows.map(({ key }) => key).sort(), leaves(schema).sort());
});

t.test('a default that is a value is the one that is used', async (t) => {
  const told = rows.filter(({ value }) => /^(\d+|true|false|\/|\[.*\]|\{.*\})$/.test(value));
  t.ok(told.length > 12);
  for (const { key, value } of told) {
    const used = key
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], defaultSettings);
    t.equal(typeof used === 'string' ? used : JSON.stringify(used), value, key);
  }
});

/** Paths of the keys that hold a value. */
function leaves(node: Node, path: readonly string[] = []): string[] {
  const inner = node.properties ?? node.anyOf?.find(({ properties }) => properties !== undefined)?.properties;
  if (inner === undefined) return [path.join('.')];
  return Object.entries(inner).flatMap(([key, value]) => leaves(value, [...path, key]));
}
