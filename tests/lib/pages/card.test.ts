import { badge } from '@ccci/lib/pages/badge.ts';
import { summaryCard } from '@ccci/lib/pages/card.ts';
import { cardRows } from '@ccci/lib/pages/card-rows.ts';
import { fit, widthOf, wrap } from '@ccci/lib/pages/fit.ts';
import { levelColours, noLevelColour } from '@ccci/lib/pages/levels.ts';
import { type Results, resultsExample } from '@ccci/lib/records/results.ts';
import { XMLValidator } from 'fast-xml-parser';
import t from 'tap';

t.test('the card says level, verdict, recipe, version, commit and what did not run', async (t) => {
  const svg = summaryCard({
    ...resultsExample,
    skips: { intentional: {}, unintentional: [{ name: 'custom', reason: 'no Chromium' }] },
  });
  t.equal(XMLValidator.validate(svg), true);
  const words = [
    '>1<',
    'red',
    'ghost',
    '6.1.0+5.9.1',
    '720faa0bebc4',
    'upgrade failed',
    'not run: custom tests (no Chromium)',
  ];
  for (const one of words) t.match(svg, one);
});

t.test('a run without a level shows its verdict, on grey', async (t) => {
  const infra = summaryCard({ ...resultsExample, verdict: 'infra', level: null });
  t.match(infra, noLevelColour);
  t.match(infra, '>infra<');
  t.notMatch(infra, '>level<');
  t.match(summaryCard({ ...resultsExample, scope: 'partial', level: null }), '>partial red<');
});

t.test('a row for each stage, attempted or not; stages of ours only where they matter', async (t) => {
  const stage = { cause: null, summary: null, on: null, tests: [] };
  const results: Results = {
    ...resultsExample,
    results: { install: 'pass', upgrade: 'unver', backup: 'skip', restore: 'skip', custom: 'pass' },
    stages: [
      { ...stage, name: 'checkout', status: 'pass', ms: 1 },
      { ...stage, name: 'needs', status: 'unver', ms: 1 },
      { ...stage, name: 'install', status: 'pass', ms: 20 },
      { ...stage, name: 'install', status: 'pass', ms: 30 },
    ],
  };
  t.same(
    cardRows(results).map(({ name, words, ms }) => [name, words, ms]),
    [
      ['lint', 'passed', null],
      ['dependencies', 'not run', 1],
      ['install', 'passed', 50],
      ['upgrade', 'not run', null],
      ['backup', 'not applicable', null],
      ['restore', 'not applicable', null],
      ['custom tests', 'passed', null],
    ],
  );
});

t.test('foreign words are escaped, and cut to their place', async (t) => {
  const words = `<script>alert(1)</script>&"'\u202e${'long '.repeat(1_000)}`;
  const svg = summaryCard({
    ...resultsExample,
    recipe: words,
    version: words,
    reason: words,
    ref: words,
    pr: words,
  });
  t.equal(XMLValidator.validate(svg), true);
  t.notMatch(svg, '<script');
  t.notMatch(svg, '\u202e');
  t.ok(svg.length < 12_000, 'nothing is as long as it was');
});

t.test('text is cut and broken to its width', async (t) => {
  const type = { size: 20 };
  t.equal(fit('short', 200, type), 'short');
  for (const text of ['w'.repeat(500), '日'.repeat(500), 'i'.repeat(500)]) {
    const cut = fit(text, 200, type);
    t.match(cut, /…$/);
    t.ok(widthOf(cut, type) <= 200);
  }
  t.same(wrap('one two three four five six', 2, 155, type), ['one two three', 'four five six']);
  t.match(wrap('x'.repeat(100), 2, 100, type), [/^x+$/, /^x+…$/]);
  t.same(wrap('', 2, 100, type), []);
});

t.test('white letters can be read on every colour of badge and card (WCAG AA, 4.5:1)', async (t) => {
  for (const colour of [...levelColours, noLevelColour, '#444444'])
    t.ok(contrastWithWhite(colour) >= 4.5, `${colour}: ${contrastWithWhite(colour).toFixed(2)}`);
  for (const verdict of ['infra', 'cancelled', 'superseded', 'interrupted'] as const)
    t.match(badge({ ...resultsExample, verdict }), `fill="${noLevelColour}"`, `${verdict} is grey`);
  t.match(badge({ ...resultsExample, verdict: 'incomplete', level: null }), noLevelColour);
});

/** Source: WCAG 2.2, contrast ratio. */
function contrastWithWhite(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}
