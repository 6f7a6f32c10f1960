import { createHash } from 'node:crypto';
import { badge } from '@ccci/lib/pages/badge.ts';
import { runPage } from '@ccci/lib/pages/page.ts';
import { attributionExample } from '@ccci/lib/records/attribution.ts';
import { dropExample } from '@ccci/lib/records/drop.ts';
import { previewExample } from '@ccci/lib/records/preview.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { XMLValidator } from 'fast-xml-parser';
import t from 'tap';
import { redStory } from '../../support/site/stories.ts';
import { refused, viewOf } from './records.ts';

t.test('the page of a run', async (t) => {
  const page = runPage(viewOf(refused));
  t.match(page, '<h1>ghost 6.1.0+5.9.1</h1>');
  t.match(page, '<b>red</b>');
  t.match(page, '<p class="headline">ghost did not pass: upgrade failed.</p>');
  t.match(page, 'href="https://git.example.org/recipes/ghost/pulls/3"');
  t.match(page, 'href="logs/app.log"');
  t.match(page, 'href="junit/upgrade.xml"');
  t.match(page, 'href="junit/backup.xml"', 'a stage without checks has a file too');
  t.match(page, '<li>new secret: jwt_secret</li>');
  t.equal(page, runPage(viewOf(refused)), 'the same records, the same bytes');
});

t.test('a strict policy that lets the own style through, and nothing else', async (t) => {
  const page = runPage(viewOf());
  const hashes = [...page.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(
    ([, style]) =>
      `&#39;sha256-${createHash('sha256')
        .update(style as string)
        .digest('base64')}&#39;`,
  );
  t.equal(hashes.length, 2);
  t.ok(page.includes(`default-src &#39;none&#39;; style-src ${hashes.join(' ')}; img-src`));
  t.ok(
    page.includes('script-src &#39;self&#39;; connect-src &#39;self&#39;'),
    'no inline script, no other host',
  );
  t.strictSame(
    page.match(/<script.*/g),
    ['<script type="module" src="../../assets/run.js"></script>'],
    'one script, of ours',
  );
  t.notMatch(page, / style=| on[a-z]+=|javascript:/);
});

t.test('every value is escaped', async (t) => {
  const evil = `<script>alert(1)</script>"'><img src=x onerror=1>\u202e\u001b`;
  const story = {
    rows: {
      custom: {
        status: 'fail' as const,
        cause: 'recipe' as const,
        summary: evil,
        tests: [{ name: evil, status: 'fail' as const, ms: 1, file: evil, message: evil }],
      },
    },
    logs: { custom: [evil] },
    operator: [evil],
    results: {
      recipe: evil,
      version: evil,
      reason: evil,
      ref: evil,
      base: evil,
      environment: { [evil]: evil },
      customization: { [evil]: { [evil]: evil } },
    },
  };
  const view = viewOf(story);
  const hostile = {
    ...view,
    services: ['../../etc', 'app', evil],
    trigger: { ...view.trigger!, pr: { ...view.trigger!.pr!, title: evil, url: 'javascript:alert(1)' } },
  };
  const page = runPage(hostile);
  t.notMatch(page, /<script>|<img|onerror=1>|href="javascript|\u202e|\u001b/);
  t.equal(page.match(/&lt;script&gt;/g) !== null, true);
  t.notMatch(runPage(hostile), 'etc.log');
});

t.test(
  'a run that is not finished is followed by the script, and says how to see more without it',
  async (t) => {
    const page = runPage(viewOf({}, 12));
    t.match(page, '<b>running</b>');
    t.match(page, 'data-live="events.ndjson" hidden');
    t.match(page, 'Load the page again to see more.');
    t.match(page, '<a href="events.ndjson">');
    t.match(page, /<li class="stage-waiting" data-stage="custom">/);
    t.match(runPage({ ...viewOf({}, 1) }), '<title>ghost: running</title>');
    t.match(runPage(viewOf({}, 1)), '<b>waiting</b>');
    const seen = runPage({ ...viewOf({}, 1), preview: previewExample });
    t.match(seen, '<b>waiting</b>');
    t.match(seen, /<li class="stage-pass" data-stage="lint">/, 'what was found out while it waits');
    t.match(seen, '<code>content</code> is dropped');
    const dropped = { ...viewOf({}, 1), drop: dropExample };
    t.notMatch(runPage(dropped), 'data-live', 'nothing comes any more');
    t.notMatch(runPage(viewOf()), 'data-live', 'over');
  },
);

t.test('what stands behind the verdict', async (t) => {
  const page = runPage(viewOf(redStory));
  t.match(page, /<li class="rung-fail"><span class="sign fail" aria-hidden="true">✗<\/span> upgrade/);
  t.match(page, 'aria-label="cc-ci: level 1"', 'the badge');
  t.match(page, '<a href="../../recipe/ghost/">ghost</a>');
  t.match(page, /<details open><summary>1 check, 1 failed<\/summary>/, 'what failed is open');
  t.match(page, /<details><summary>2 checks<\/summary>/, 'what passed is not');
  t.match(
    page,
    /Last log lines of upgrade<\/summary><pre [^>]*>.*\n.*\napp \| cannot read data of version 1/,
  );
  t.match(
    runPage({ ...viewOf(redStory), attribution: attributionExample }),
    '<strong>It is this change</strong>',
  );
});

t.test('what changes, and what of it leaves data behind', async (t) => {
  const page = runPage(viewOf(redStory));
  t.match(page, '<strong class="fail"><code>content</code> is dropped: its data is left behind</strong>');
  t.match(page, '<code>mysql</code> is renamed to <code>db</code>: its data is left behind</strong>');
  t.match(page, '<code>ghost:5.8.0-alpine</code>');
  t.match(page, '<li>new: <code>jwt_secret</code></li>');
  t.match(page, '<li>gone: <code>app: 2368 (tcp)</code></li>');
});

t.test('environment, tests and settings are told in words, not in JSON', async (t) => {
  const page = runPage(viewOf(redStory));
  t.match(page, '<tr><th scope="row">engine</th><td class="value">26.1.5</td></tr>');
  t.match(page, '<tr><th scope="row">health.ok</th><td class="value">200, 302</td></tr>');
  t.match(page, '<td><code>custom/test_posts.py</code></td><td>custom tests</td>');
  t.match(page, 'ghost at 1234567890ab');
  t.notMatch(page, '&quot;path&quot;');
  t.match(runPage(viewOf({}, 3)), 'custom/test_posts.py', 'of a run that goes on, what its plan says');
});

t.test('pictures by their fixed names alone', async (t) => {
  const page = runPage(viewOf(redStory));
  t.match(page, /<img src="screenshot.png" [^>]*alt="Landing page of ghost, freshly installed">/);
  t.match(page, /<img src="screenshot-upgrade.png" [^>]*alt="[^"]*after the upgrade/);
  t.notMatch(runPage(viewOf({ results: { screenshot: '../../x.png' } })), /<img|x\.png/);
});

t.test('a log that held a secret is withheld, and said so', async (t) => {
  const flags = {
    clean_teardown: true,
    no_secret_leak: false,
    withheld: ['logs/app.log', 'lint.txt', 'events.ndjson'],
  };
  const page = runPage(viewOf({ ...redStory, results: { ...redStory.results, flags } }));
  t.match(page, 'app: withheld, because it held a secret');
  t.notMatch(page, /href="(logs\/app\.log|lint\.txt)"|data-logs/);
  t.match(page, 'href="events.ndjson"', 'there each secret is overwritten where it stood');
});

t.test('a red page ends with the line that reproduces it at home', async (t) => {
  const page = runPage(viewOf(redStory));
  const line = 'ccci test https://git.example.org/recipes/ghost/pulls/3 --ref 720faa0bebc4';
  t.ok(page.lastIndexOf('<h2') < page.indexOf(line), 'behind all else');
  t.notMatch(runPage(viewOf()), 'Reproduce it at home', 'a green one has no need of it');
});

t.test('badges', async (t) => {
  const all = [0, 1, 2, 3, 4, 5].map((level) => badge({ ...resultsExample, level }));
  for (const svg of all) t.equal(XMLValidator.validate(svg), true);
  t.equal(new Set(all.map((svg) => /fill="(#\w+)"\/><\/g>/.exec(svg)?.[1])).size, 6, 'a colour per level');
  t.match(all[5], 'cc-ci: level 5');
  t.match(badge({ ...resultsExample, verdict: 'infra' }), 'cc-ci: infra');
  t.match(badge({ ...resultsExample, scope: 'partial', level: null }), 'cc-ci: partial red');
});
