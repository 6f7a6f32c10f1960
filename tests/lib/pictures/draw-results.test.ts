import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { levelColour } from '@ccci/lib/pages/levels.ts';
import { drawSvg } from '@ccci/lib/pictures/draw.ts';
import { drawResults } from '@ccci/lib/pictures/draw-results.ts';
import { decodePng, type Picture } from '@ccci/lib/pictures/png.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import t from 'tap';

const finds = () => false;

function pixel({ width, rgb }: Picture, x: number, y: number): string {
  return `#${Buffer.from(rgb.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)).toString('hex')}`;
}

t.test(
  'card and badge of a run: 1200 by 630, in the colour of the level, the same bytes each time',
  async (t) => {
    const dir = t.testdir({ one: {}, two: {} });
    for (const name of ['one', 'two'])
      t.same(await drawResults(resultsExample, { dir: join(dir, name), finds }), {
        card: 'summary.png',
        problem: null,
      });
    t.same(readdirSync(join(dir, 'one')).sort(), ['badge.svg', 'summary.png']);
    const bytes = readFileSync(join(dir, 'one', 'summary.png'));
    const card = decodePng(bytes);
    t.same([card.width, card.height], [1200, 630]);
    t.equal(pixel(card, 5, 5), levelColour(resultsExample.level));
    t.equal(pixel(card, 1190, 5), '#ffffff');
    const heading = new Set<string>();
    for (let x = 450; x < 620; x += 1) heading.add(pixel(card, x, 80));
    t.ok(heading.size > 3, 'the name of the recipe is drawn: its letters have edges');
    t.ok(bytes.equals(readFileSync(join(dir, 'two', 'summary.png'))), 'the same results, the same bytes');
    t.match(readFileSync(join(dir, 'one', 'badge.svg'), 'utf8'), 'cc-ci: level 1');
  },
);

t.test('hostile and foreign words are drawn or left out, and never an error', async (t) => {
  const dir = t.testdir();
  const words = `<script>&amp;]]> "'\u0000\u001b[31m\u202e\ufffe\ud800 日本語 שלום 😀 ${'x'.repeat(5_000)}`;
  const hostile = {
    ...resultsExample,
    recipe: words,
    version: words,
    base: words,
    reason: words,
    ref: words,
    skips: { intentional: { [words]: words }, unintentional: [{ name: 'custom', reason: words }] },
  };
  t.same(await drawResults(hostile, { dir, finds }), { card: 'summary.png', problem: null });
  const card = decodePng(readFileSync(join(dir, 'summary.png')));
  t.same([card.width, card.height], [1200, 630]);
});

t.test('a card that would show a secret is not drawn; what fails is said', async (t) => {
  const dir = t.testdir();
  const telling = await drawResults(resultsExample, { dir, finds: (text) => text.includes('ghost') });
  t.match(telling, { card: null, problem: /secret/ });
  t.notOk(existsSync(join(dir, 'summary.png')));
  t.match(await drawResults(resultsExample, { dir: join(dir, 'gone'), finds }), {
    card: null,
    problem: /ENOENT/,
  });
  await t.rejects(drawSvg('<svg', join(import.meta.dirname, '../../../dist/pictures')), 'no SVG');
});
