/** What docs/runbook.md shows of a program is what that program says: it stands in a golden case. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t from 'tap';
import { fencedBlocks } from './markdown.ts';

const tests = join(import.meta.dirname, '..');
const said = fastGlob
  .sync('cases/*/*/err', { cwd: tests })
  .map((path) => readFileSync(join(tests, path), 'utf8'));
const page = readFileSync(join(tests, '..', 'docs', 'runbook.md'), 'utf8');

t.test('every message of the runbook is one of a golden case', async (t) => {
  const blocks = fencedBlocks(page).filter(({ language }) => language === 'text');
  t.ok(blocks.length >= 5);
  for (const { text, line } of blocks) {
    const words = text.replaceAll('/var/lib/ccci', '<scratch>/state');
    t.ok(
      said.some((err) => err.includes(words)),
      `line ${line}: ${text.trim()}`,
    );
  }
});
