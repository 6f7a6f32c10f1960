import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commentBody } from '@ccci/lib/pages/comment.ts';
import t from 'tap';
import { conversations } from './stories.ts';

const folder = join(import.meta.dirname, 'golden');
const settings = { word: '!testme', url: 'https://ci.example.org/pages/' };

/** `CCCI_CASES_UPDATE=1` writes them again: then read what is different, as its readers would. */
const isUpdating = process.env.CCCI_CASES_UPDATE === '1';

t.test('each kind of comment is what was last read and found good', async (t) => {
  for (const [name, make] of Object.entries(conversations)) {
    const path = join(folder, `${name}.md`);
    const body = commentBody(make(), settings);
    if (isUpdating || !existsSync(path)) writeFileSync(path, body);
    t.equal(body, readFileSync(path, 'utf8'), name);
  }
  t.same(
    readdirSync(folder).sort(),
    Object.keys(conversations)
      .map((name) => `${name}.md`)
      .sort(),
  );
});

t.test('without an address of pages there is no link and no picture', async (t) => {
  for (const [name, make] of Object.entries(conversations)) {
    const body = commentBody(make(), { word: '!testme' });
    // But the line that is to be copied.
    t.notMatch(body.replace(/^ccci test .*$/m, ''), /:\/\/|<img|\]\(/, name);
  }
});

t.test('text comes before pictures, which say the same in words', async (t) => {
  const body = commentBody(conversations.green!(), settings);
  const [before = '', after = ''] = body.split('[![');
  t.match(before, /ghost passed[\s\S]*To run it again/);
  t.notMatch(before, '<img');
  t.match(after, /<img src="[^"]+screenshot\.png" alt="Screenshot of ghost after the install"/);
  t.match(after, /alt="Summary of this run of ghost: green, level 5"/);
});
