import { join } from 'node:path';
import { openLog, pageBytes } from '@ccci/lib/pages/client/log-pages.ts';
import { searchLog } from '@ccci/lib/pages/client/search.ts';
import t from 'tap';
import { serveFolder } from '../../../support/site/serve.ts';

const lines = Array.from({ length: 20_000 }, (_, number) => `line ${number} ${'·'.repeat(number % 40)}`);
const signal = new AbortController().signal;

async function allLines(url: string): Promise<string[]> {
  const log = openLog(url);
  const found: string[] = [];
  for (let index = 0; ; index += 1) {
    const page = await log.page(index);
    if (page.kind !== 'page') throw new Error(page.kind);
    found.push(...page.lines);
    if (page.isLast) return found;
  }
}

t.test('each line of a log is on exactly one page', async (t) => {
  const dir = t.testdir({
    'long.log': lines.map((line) => `${line}\n`).join(''),
    'torn.log': lines.join('\n'),
    'edge.log': `${'a'.repeat(pageBytes - 1)}\nb\n`,
    'whole.log': `${'a'.repeat(pageBytes)}\nb\n`,
    'empty.log': '',
  });
  const site = await serveFolder(dir);
  t.teardown(site.close);
  for (const mode of ['range', 'whole'] as const) {
    site.mode = mode;
    t.equal((await allLines(`${site.url}/long.log`)).join('\n'), lines.join('\n'), mode);
    t.equal((await allLines(`${site.url}/torn.log`)).join('\n'), lines.join('\n'), `${mode}: torn`);
    t.equal((await allLines(`${site.url}/edge.log`))[1], 'b', `${mode}: a line begins where a page does`);
    t.equal((await allLines(`${site.url}/whole.log`))[1], 'b', `${mode}: a line ends where a page does`);
    t.strictSame(await allLines(`${site.url}/empty.log`), []);
  }
  site.mode = 'range';
  t.equal(
    await openLog(`${site.url}/long.log`).last(),
    Math.floor(Buffer.byteLength(lines.join('\n')) / pageBytes),
  );
  t.equal(await openLog(`${site.url}/none.log`).last(), 'gone');
  t.ok(
    site.seen.every(({ range }) => range !== null),
    'never without a bound',
  );
});

t.test('a line longer than a page is cut, and the next one is found', async (t) => {
  const dir = t.testdir({ 'app.log': `first\n${'x'.repeat(1_000_000)}\nlast\n` });
  const site = await serveFolder(dir);
  t.teardown(site.close);
  const [first, long, last] = await allLines(`${site.url}/app.log`);
  t.strictSame([first, last], ['first', 'last']);
  t.match(long, /^x+…$/);
});

t.test('a search looks at all of the log', async (t) => {
  const dir = t.testdir({ 'app.log': `${lines.join('\n')}\n\u001b[31mRED\u001b[0m alert\n` });
  const site = await serveFolder(dir);
  t.teardown(site.close);
  const log = openLog(`${site.url}/${join('app.log')}`);
  const search = async (query: string) => {
    const found = [];
    for await (const { matches } of searchLog(log, query, signal)) found.push(...matches);
    return found;
  };
  t.strictSame(
    (await search('LINE 1999')).map(({ number }) => number),
    [2_000, ...Array.from({ length: 10 }, (_, n) => 19_991 + n)],
  );
  t.strictSame(
    await search('red alert'),
    [{ number: 20_001, text: 'RED alert' }],
    'colours stand in nobody’s way',
  );
  t.strictSame(await search('nowhere'), []);
});
