import type { Now } from '@ccci/lib/pages/now.ts';
import { overviewPage } from '@ccci/lib/pages/overview.ts';
import { pageSize, recipePages } from '@ccci/lib/pages/recipe.ts';
import { recipeFacts } from '@ccci/lib/pages/recipe-facts.ts';
import { trendWords } from '@ccci/lib/pages/trend.ts';
import { type Brief, briefOf } from '@ccci/lib/records/brief.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import t from 'tap';

const now: Now = { running: [], waiting: [], more: 0 };
const evil = `<script>alert(1)</script>"'><img src=x onerror=1>\u202e\u001b`;

/** A run of ghost; the higher its number, the newer. */
function run(number: number, changes: object = {}): Brief {
  const results = {
    ...resultsExample,
    finished: 1_790_000_000 + number,
    verdict: 'green',
    level: 5,
    ...changes,
  };
  return briefOf({ ...results, run_id: `gitea-${number}` }, `gitea-${number}`) as Brief;
}

function card(runs: readonly Brief[], pictureOf: string | null = null, recipe = 'ghost') {
  return { ...recipeFacts(recipe, runs), pictureOf };
}

t.test(
  'partial runs and what is not about the recipe touch neither badge, trend nor last green',
  async (t) => {
    const partial = run(9, { scope: 'partial', level: null, verdict: 'red' });
    const infra = run(8, { verdict: 'infra' });
    const incomplete = run(7, { verdict: 'incomplete', level: 3 });
    const red = run(6, { verdict: 'red', level: 1 });
    const green = run(5);
    const facts = recipeFacts('ghost', [partial, infra, incomplete, red, green]);
    t.equal(facts.last, incomplete);
    t.equal(facts.judged, red);
    t.equal(facts.lastGreen, green);
    t.equal(facts.apart, infra, 'shown apart');
    t.same(facts.trend, [green, red, incomplete], 'oldest first');
    t.equal(
      trendWords(facts.trend),
      'The last 3 full runs, oldest first: green, level 5; red, level 1; incomplete, level 3',
    );
    t.match(recipeFacts('ghost', [partial]), { last: null, judged: null, apart: null, trend: [] });
    t.equal(recipeFacts('ghost', [green, infra]).apart, null, 'older than the last verdict');
  },
);

t.test('the overview: a card per recipe, the newest runs, what runs and what waits', async (t) => {
  const drone = card([run(3, { recipe: 'drone', verdict: 'red', level: 1 })], null, 'drone');
  const pr = { number: 3, url: 'https://git.example.org/org/ghost/pulls/3', title: 'Upgrade' };
  const asked = { recipe: 'ghost', ref: '720faa0bebc4720faa0bebc4720faa0bebc4720f', pr };
  const page = overviewPage({
    recipes: [drone, card([run(2), run(1)], 'gitea-1')],
    now: {
      running: [{ ...asked, run: 'gitea-4', stage: 'custom', since: 1_790_000_000, hasPage: true }],
      waiting: [{ ...asked, place: 1, etaMs: 120_000 }],
      more: 7,
    },
  });
  t.match(page, '2 recipes: 1 green, 1 red; 3 runs');
  t.match(page, '<a href="recipe/ghost/">ghost</a>');
  t.match(page, 'src="runs/gitea-1/screenshot.png"');
  t.match(page, 'src="badge/drone.svg"');
  t.match(page, /<a href="runs\/gitea-4\/">ghost<\/a> <span class="stage">custom tests/);
  t.match(page, 'place 1 in the queue, about 2 minutes');
  t.match(page, 'Waiting (8)');
  t.match(page, 'and 7 more');
  t.match(page, '<time datetime="2026-09-21T14:13:20Z">2026-09-21 14:13 UTC</time>');
  const rows = page.slice(page.indexOf('Newest runs'));
  t.ok(rows.indexOf('runs/gitea-3/') < rows.indexOf('runs/gitea-2/'));
  t.ok(rows.indexOf('runs/gitea-2/') < rows.indexOf('runs/gitea-1/'));
  t.match(overviewPage({ recipes: [], now }), 'No run has finished yet.');
  t.match(overviewPage({ recipes: [], now: null }), 'cannot be told');
});

t.test('every run of a history is reachable, and pages of older runs are never written again', async (t) => {
  const runs = Array.from({ length: 5 * pageSize + 30 }, (_, index) => run(index + 1)).reverse();
  const pages = recipePages(card(runs));
  t.same(
    pages.map(({ path }) => path),
    ['index.html', '1/index.html', '2/index.html', '3/index.html', '4/index.html'],
  );
  const linked = pages.flatMap(({ content }) =>
    [...content.slice(content.indexOf('<tbody>')).matchAll(/runs\/(gitea-\d+)\//g)].map(([, id]) => id),
  );
  t.same(linked.sort(), runs.map(({ run }) => run).sort(), 'each once');
  t.match(pages[0]?.content, '<a href="4/">Older runs</a>');
  t.match(pages[4]?.content, '<a href="../">Newer runs</a> <a href="../3/">Older runs</a>');
  const more = Array.from({ length: 70 }, (_, index) => run(9_999 - index));
  const next = recipePages(card([...more, ...runs]));
  t.equal(next.length, 6, 'one page of older runs more');
  t.same(next.slice(1, 4), pages.slice(1, 4));
});

t.test('hostile names, versions, reasons and titles are shown harmlessly', async (t) => {
  const changes = {
    recipe: evil,
    version: evil,
    reason: evil,
    ref: evil,
    pr: evil,
    kind: evil,
    verdict: 'red',
  };
  const asked = { recipe: evil, ref: evil, pr: { number: 1, url: 'javascript:alert(1)', title: evil } };
  const facts = card([run(1, changes)], null, evil);
  const moment: Now = {
    running: [{ ...asked, run: 'gitea-4', stage: null, since: null, hasPage: false }],
    waiting: [{ ...asked, place: 1, etaMs: null }],
    more: 0,
  };
  const pages = [overviewPage({ recipes: [facts], now: moment }), recipePages(facts)[0]?.content ?? ''];
  for (const page of pages) {
    t.notMatch(page, /<script|<img src=x|onerror=1>|href="javascript|\u202e|\u001b/);
    t.match(page, '&lt;script&gt;');
  }
  t.notMatch(pages[0], /(recipe|badge)\/[^"]*script/, 'no address is made of such a name');
});

t.test('the same records make the same bytes', async (t) => {
  const make = () => overviewPage({ recipes: [card([run(2), run(1)])], now });
  t.equal(make(), make());
});
