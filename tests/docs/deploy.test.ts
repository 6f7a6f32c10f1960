/** What docs/deploy-nixos.md names of the module is there: options, units, and no unit is left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t from 'tap';
import { fencedBlocks } from './markdown.ts';

const top = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(top, 'docs', 'deploy-nixos.md'), 'utf8');
const modules = fastGlob
  .sync('modules/nixos/*.nix', { cwd: top })
  .map((path) => readFileSync(join(top, path), 'utf8'))
  .join('\n');

/** Names on the left of `=` in the examples, and in the first column of the table of options. */
function namedOptions(): Set<string> {
  const table = page.slice(page.indexOf('## Options'), page.indexOf('## Traefik'));
  const first = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(
    ([, cell = '']) => cell.match(/`([^`]+)`/g) ?? [],
  );
  const last = [...table.matchAll(/^\| `(?:forges\.<name>|engine|proxy|janitor)` \|[^|]*\| (.*) \|$/gm)];
  const inRows = last.flatMap(([, cell = '']) => cell.match(/`([^`]+)`/g) ?? []);
  const ours = fencedBlocks(page)
    .filter(({ text }) => text.includes('services.ccci'))
    .flatMap(({ text }) => [
      ...(/services\.ccci = \{\n([\s\S]*?)\n {0,2}\};/.exec(text)?.[1] ?? '').matchAll(/([a-zA-Z.]+) =/g),
    ]);
  const paths = [...first, ...inRows]
    .map((name) => name.replaceAll('`', ''))
    .filter((name) => !name.includes('<'));
  return new Set([...paths, ...ours.map(([, name = '']) => name)].flatMap((path) => path.split('.')));
}

t.test('every option that the page names is one of the module', async (t) => {
  const names = [...namedOptions()].filter((name) => name !== 'git');
  t.ok(names.length > 35, `${names.length} options`);
  const unknown = names.filter((name) => !new RegExp(`\\b${name}(\\.\\w+)? =`).test(modules));
  t.same(unknown, [], 'none is unknown');
});

t.test('the table of units has every unit', async (t) => {
  const { services } = JSON.parse(readFileSync(join(top, 'modules', 'units.json'), 'utf8')) as {
    services: object;
  };
  for (const name of Object.keys(services))
    t.match(page, new RegExp(`^\\|.*\`${name}(\\.\\w+)?\``, 'm'), name);
});
