import { createHash } from 'node:crypto';
import { badge } from '@ccci/lib/pages/badge.ts';
import { runPage } from '@ccci/lib/pages/page.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { XMLValidator } from 'fast-xml-parser';
import t from 'tap';
import { refused, viewOf } from './records.ts';

t.test('the page of a run', async (t) => {
  const page = runPage(viewOf(refused));
  t.match(page, '<h1>ghost 6.1.0+5.9.1</h1>');
  t.match(page, '<b>red</b><br>ghost did not pass: upgrade failed.');
  t.match(page, 'href="https://git.example.org/recipes/ghost/pulls/3"');
  t.match(page, 'href="logs/app.log"');
  t.match(page, 'href="junit/upgrade.xml"');
  t.match(page, 'href="junit/backup.xml"', 'a stage without checks has a file too');
  t.match(page, '<li>new secret: jwt_secret</li>');
  t.equal(page, runPage(viewOf(refused)), 'the same records, the same bytes');
});

t.test('a strict policy that lets the own style through, and nothing else', async (t) => {
  const page = runPage(viewOf());
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64').replaceAll('+', '\\+');
  t.match(page, new RegExp(`default-src &#39;none&#39;; style-src &#39;sha256-${hash}&#39;`));
  t.notMatch(page, /<script|style=| on[a-z]+=|javascript:/);
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
  t.notMatch(page, /<script|<img|onerror=1>|href="javascript|\u202e|\u001b/);
  t.equal(page.match(/&lt;script&gt;/g) !== null, true);
  t.notMatch(runPage(hostile), 'etc.log');
});

t.test('a run that is not finished has a page too', async (t) => {
  const page = runPage(viewOf({}, 12));
  t.match(page, '<b>running</b>');
  t.match(runPage({ ...viewOf({}, 1) }), '<title>ghost: running</title>');
});

t.test('badges', async (t) => {
  const all = [0, 1, 2, 3, 4, 5].map((level) => badge({ ...resultsExample, level }));
  for (const svg of all) t.equal(XMLValidator.validate(svg), true);
  t.equal(new Set(all.map((svg) => /fill="(#\w+)"\/><\/g>/.exec(svg)?.[1])).size, 6, 'a colour per level');
  t.match(all[5], 'cc-ci: level 5');
  t.match(badge({ ...resultsExample, verdict: 'infra' }), 'cc-ci: infra');
  t.match(badge({ ...resultsExample, scope: 'partial', level: null }), 'cc-ci: partial red');
});
