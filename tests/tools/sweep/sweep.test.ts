import { execaSync } from 'execa';
import t from 'tap';
import { addTag, startSweeping } from './world.ts';

t.test('tips: a trigger for each enrolled repository, one listing and one request each', async (t) => {
  const { forge, commits, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  addRecipe('org', 'Ghost');
  addRecipe('org', 'cal');
  const { records, said, tally, asked } = await run();
  t.strictSame(records, [
    {
      type: 'trigger',
      v: 1,
      at: '2026-11-23T10:15:00.000Z',
      by: 'ccci-sweep/test',
      key: 'sweep-20261123-cal',
      source: 'sweep',
      forge: 'git',
      owner: 'org',
      name: 'cal',
      recipe: 'cal',
      repo: `${forge.url}/org/cal.git`,
      ref: commits.base,
      options: {},
    },
    {
      ...records[1],
      key: 'sweep-20261123-ghost',
      name: 'Ghost',
      recipe: 'ghost',
      repo: `${forge.url}/org/Ghost.git`,
    },
  ]);
  t.same(asked, ['/orgs/org/repos', '/repos/org/cal/branches/main', '/repos/org/Ghost/branches/main']);
  t.same(said, []);
  t.match(tally, { triggers: 2, repositories: 2, troubles: 0, calls: 3, isStopped: false });
});

t.test(
  'pulls: the head of every open pull request, oldest first; a fork only when somebody asks for its commit',
  async (t) => {
    const { forge, commits, mia, run, addRecipe } = await startSweeping(t);
    forge.addOrganisation('org', ['bot', 'mia']);
    addRecipe('org', 'ghost');
    addRecipe('org', 'idle');
    addRecipe(mia.login, 'ghost');
    const open = (head: string, fork?: { owner: string; name: string }) =>
      forge.openPull('org', 'ghost', { head, title: `From ${head}`, author: 'mia', ...(fork && { fork }) });
    const first = open('feature');
    const closed = open('other');
    open('next', { owner: 'mia', name: 'ghost' });
    forge.closePull('org', 'ghost', closed);
    const { records, said, asked } = await run({ of: 'pulls' });
    t.strictSame(records, [
      {
        ...records[0],
        key: 'sweep-20261123-ghost-pr1',
        ref: commits.head,
        pr: {
          number: first,
          url: `${forge.url}/org/ghost/pulls/1`,
          title: 'From feature',
          fork: false,
          base: { ref: 'main', sha: commits.base },
          head: { ref: 'feature', sha: commits.head },
        },
      },
    ]);
    t.notOk('comment' in records[0]!);
    t.same(said, [
      'info git/org/ghost#3 is left out: it is from a fork, whose commits are tested only when somebody asks for them in a comment',
      'info git/org/idle is left out: it has no open pull request',
    ]);
    t.same(asked, ['/orgs/org/repos', '/repos/org/ghost/pulls', '/repos/org/idle/pulls']);
  },
);

t.test('tags: the commit of the newest version, by its number and not by its age', async (t) => {
  const { forge, commits, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  const { path } = addRecipe('org', 'ghost', { tags: ['1.10.0+5.0', '1.9.0+6.0'] });
  addTag(path, '2.0.0-rc1', 'next');
  addTag(path, 'nightly', 'other');
  const { path: light } = addRecipe('org', 'light', { tags: ['0.1.0+1'] });
  addTag(light, '0.2.0+1', 'feature', true);
  addRecipe('org', 'marks', { tags: ['v1'] });
  addRecipe('org', 'none');
  const { triggers, said, asked } = await run({ of: 'tags' });
  t.match(triggers, [
    { key: 'sweep-20261123-ghost-1.10.0-5-0', ref: commits.base },
    { key: 'sweep-20261123-light-0.2.0-1', ref: commits.head },
  ]);
  t.notOk('pr' in triggers[0]!);
  t.same(said, [
    'info git/org/marks is left out: none of its tags is a version',
    'info git/org/none is left out: it has no tag',
  ]);
  t.equal(asked.length, 5);
});

t.test('several forges, organisations and single repositories at once, each repository once', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  for (const owner of ['apps', 'tools', 'other']) forge.addOrganisation(owner, ['bot']);
  for (const name of ['a', 'b']) addRecipe('apps', name);
  addRecipe('tools', 'c');
  for (const name of ['single', 'left']) addRecipe('other', name);
  const forges = [
    { name: 'git', organisations: ['tools', 'apps', 'Apps'], repositories: ['apps/a', 'Other/Single'] },
    // The same server under another name.
    { name: 'again', repositories: ['other/single', 'tools/c'] },
  ];
  const { triggers, asked } = await run({ forges: [forges[0]!] });
  t.same(
    triggers.map(({ owner, name }) => `${owner}/${name}`),
    ['apps/a', 'apps/b', 'other/single', 'tools/c'],
  );
  t.same(
    asked.filter((path) => !path.includes('branches')),
    ['/orgs/tools/repos', '/orgs/apps/repos', '/repos/Other/Single'],
    'what an organisation has is not asked for',
  );
  const both = await run({ forges: [forges[1]!, forges[0]!] });
  t.same(
    both.triggers.map(({ forge, owner, name }) => `${forge}/${owner}/${name}`),
    ['again/other/single', 'again/tools/c', 'git/apps/a', 'git/apps/b'],
  );
});

t.test('recipes of one name do not collide, whatever the order of the configuration', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  for (const owner of ['one', 'two']) {
    forge.addOrganisation(owner, ['bot']);
    addRecipe(owner, 'ghost');
    addRecipe(owner, `own-${owner}`);
  }
  const keysOf = async (organisations: readonly string[]) =>
    (await run({ forges: [{ organisations }] })).keys;
  const keys = await keysOf(['one', 'two']);
  t.match(keys, [
    /^sweep-20261123-ghost-[0-9a-f]{8}$/,
    'sweep-20261123-own-one',
    /^sweep-20261123-ghost-[0-9a-f]{8}$/,
    'sweep-20261123-own-two',
  ]);
  t.equal(new Set(keys).size, 4);
  t.same(await keysOf(['two', 'one']), keys);
  const only = await run({ forges: [{ organisations: ['one', 'two'] }], only: ['one/ghost'] });
  t.same(only.keys, [keys[0]], 'nor by what of it is swept');
});

t.test('archived, empty, turned off and hidden repositories are left out, and said', async (t) => {
  const { forge, mia, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['mia', 'bot']);
  for (const name of ['active', 'old']) addRecipe('org', name);
  forge.archiveRepository('org', 'old');
  addRecipe('org', 'empty', { empty: true });
  addRecipe('org', 'docs', { pulls: false });
  addRecipe('org', 'secret', { private: true });
  const tips = await run();
  t.same(
    tips.triggers.map(({ name }) => name),
    ['active', 'docs', 'secret'],
    'a private one is swept where the bot user may see it',
  );
  t.same(tips.said, [
    'info git/org/empty is left out: nothing was ever pushed',
    'info git/org/old is left out: it is archived',
  ]);
  t.notOk(
    tips.asked.some((path) => /old|empty/.test(path)),
    'nothing is asked of them',
  );
  forge.openPull('org', 'active', { head: 'feature', title: 'x', author: mia.login });
  forge.removeMember('org', 'bot');
  const pulls = await run({ of: 'pulls' });
  t.same(pulls.keys, ['sweep-20261123-active-pr1']);
  t.same(pulls.said.slice(0, 2), [
    'warning git/org has 1 repository that the bot user may not see: not swept',
    'info git/org/docs is left out: its pull requests are turned off',
  ]);
});

t.test('a renamed repository is followed, and its new name is said', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  for (const name of ['one', 'two']) addRecipe('org', name);
  forge.renameRepository('org', 'one', 'uno');
  const single = await run({ forges: [{ repositories: ['org/one', 'org/uno', 'org/two'] }] });
  t.match(single.triggers, [
    { key: 'sweep-20261123-two' },
    { key: 'sweep-20261123-uno', recipe: 'uno', repo: `${forge.url}/org/uno.git` },
  ]);
  t.same(single.said, ['warning git/org/one is called org/uno now: write that into forges.git.repositories']);
  const listed = await run({ forges: [{ organisations: ['org'], repositories: ['org/one'] }] });
  t.equal(listed.triggers.length, 2, 'it is the one that the organisation has');
});

t.test('--only takes names, and says which nothing has', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  for (const name of ['ghost', 'cal', 'Wiki']) addRecipe('org', name);
  const { triggers, said, tally, asked } = await run({ only: ['wiki', 'git/org/cal', 'gohst'] });
  t.same(
    triggers.map(({ name }) => name),
    ['cal', 'Wiki'],
  );
  t.same(said, ['error nothing that is enrolled is called gohst; did you mean ghost?']);
  t.match(tally, { unknown: 1, repositories: 2 });
  t.equal(asked.length, 3);
});

t.test('options of the sweep are those of its triggers', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  addRecipe('org', 'ghost');
  const { triggers } = await run({ options: { stages: ['install', 'lint'] }, day: '20261123t101500' });
  t.match(triggers, [{ key: 'sweep-20261123t101500-ghost', options: { stages: ['install', 'lint'] } }]);
});

t.test('60 repositories: two listings, and one request each', async (t) => {
  const { forge, dir, run } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  for (let at = 0; at < 60; at += 1) forge.addRepository('org', `recipe-${at}`, `${dir}/template.git`);
  const { keys, tally, asked } = await run();
  t.equal(new Set(keys).size, 60);
  t.equal(asked.filter((path) => path === '/orgs/org/repos').length, 2);
  t.equal(tally.calls, 62);
});

t.test('a tip that is not there is missing, not left out', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot']);
  addRecipe('org', 'ghost');
  forge.misbehave({ match: { path: /branches/ }, fault: { status: 404, body: { message: 'gone' } } });
  const { records, tally } = await run();
  t.match(records, [
    { type: 'error', source: 'git/org/ghost', message: /no commit of 40 digits on the default branch main/ },
  ]);
  t.match(tally, { troubles: 1, triggers: 0 });
});

t.test('a pull request whose commits are gone is left out', async (t) => {
  const { forge, run, addRecipe } = await startSweeping(t);
  forge.addOrganisation('org', ['bot', 'mia']);
  const { path } = addRecipe('org', 'ghost');
  forge.openPull('org', 'ghost', { head: 'feature', title: 'x', author: 'mia', base: 'other' });
  addTag(path, 'keep', 'other');
  execaSync('git', ['update-ref', '-d', 'refs/heads/other'], { cwd: path });
  const { triggers, said } = await run({ of: 'pulls' });
  t.same(triggers, []);
  t.same(said, ['info git/org/ghost#1 is left out: it has no commit any more']);
});
