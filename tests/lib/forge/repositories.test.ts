import type { Exchange } from '@ccci/lib/forge/exchange.ts';
import { connectForge } from '@ccci/lib/forge/gitea.ts';
import { execaSync } from 'execa';
import t, { type Test } from 'tap';
import { startWorld } from '../../support/forge/fixture.ts';

const app = { owner: 'org', name: 'app' };
const signal = new AbortController().signal;

async function connected(t: Test) {
  const dir = t.testdir();
  const world = await startWorld(dir);
  t.teardown(async () => {
    await world.forge.close();
    if (world.forge.problems.length > 0) throw new Error(world.forge.problems.join('\n'));
  });
  const { forge, token } = world;
  const client = connectForge({ name: 'git', url: forge.url, token, requestMs: 20_000, signal, retries: 0 });
  return { ...world, client, path: `${dir}/app.git` };
}

t.test('repositories of an organisation, and how many of them are hidden', async (t) => {
  const { client, forge, path } = await connected(t);
  forge.addRepository('org', 'secret', path, { private: true });
  forge.addRepository('org', 'docs', path, { pulls: false });
  const { repositories, hidden } = await client.listRepositories('ORG');
  t.match(repositories, [
    { ...app, defaultBranch: 'main', isArchived: false, isEmpty: false, hasCode: true, hasPulls: true },
    { name: 'secret' },
    { name: 'docs', hasPulls: false },
  ]);
  t.equal(hidden, 0);
  forge.removeMember('org', 'bot');
  t.match(await client.listRepositories('org'), { repositories: [{}, {}], hidden: 1 });
  await t.rejects(client.listRepositories('nobody'), { code: 'forge-refused', httpStatus: 404 });
});

t.test('one repository, by any of its names', async (t) => {
  const { client, forge } = await connected(t);
  const before = await client.repository(app);
  forge.renameRepository('org', 'app', 'new');
  t.same(await client.repository(app), { ...before, name: 'new' }, 'the same one, under another name');
  t.equal(await client.repository({ owner: 'org', name: 'gone' }), null);
});

t.test('tip of a branch', async (t) => {
  const { client, commits } = await connected(t);
  t.equal(await client.branchTip(app, 'main'), commits.base);
  t.equal(await client.branchTip(app, 'gone'), null);
});

t.test('tags lead to commits, annotated or not', async (t) => {
  const { client, commits, path } = await connected(t);
  t.same(await client.listTags(app), []);
  const who = ['-c', 'user.name=mia', '-c', 'user.email=mia@example.org'];
  execaSync('git', [...who, 'tag', '-a', '-m', 'x', '1.0.0+1', 'main'], { cwd: path });
  execaSync('git', ['tag', 'light', 'feature'], { cwd: path });
  const tags = await client.listTags(app);
  t.same(Object.fromEntries(tags.map(({ name, commit }) => [name, commit])), {
    '1.0.0+1': commits.base,
    light: commits.head,
  });
});

t.test('open pull requests with their commits, oldest first', async (t) => {
  const { client, forge, commits, number } = await connected(t);
  const closed = forge.openPull('org', 'app', { head: 'next', title: 'x', author: 'mia' });
  const other = forge.openPull('org', 'app', { head: 'other', title: 'Other', author: 'mia' });
  forge.closePull('org', 'app', closed);
  t.match(await client.listOpenPulls(app), [
    { number, isOpen: true, isForeign: false, head: { sha: commits.head } },
    { number: other, title: 'Other', head: { sha: commits.other }, base: { sha: commits.base } },
  ]);
});

type Page = {
  readonly names: readonly string[];
  readonly total?: number;
  readonly link?: string;
};

/** A client of a server that gives these pages of tags, one after the other, whatever is asked. */
function paging(...pages: readonly Page[]) {
  const asked: string[] = [];
  const exchange: Exchange = async ({ url }) => {
    const { names, total, link } = pages[asked.length] ?? { names: [] };
    asked.push(url.replace(/.*\?/, ''));
    const headers = {
      ...(total === undefined ? {} : { 'x-total-count': String(total) }),
      ...(link === undefined ? {} : { link }),
    };
    const body = JSON.stringify(names.map((name) => ({ name, commit: { sha: name } })));
    return { status: 200, headers: new Headers(headers), body };
  };
  const client = connectForge({
    name: 'git',
    url: 'https://git.example.org',
    requestMs: 1_000,
    signal,
    exchange,
  });
  const list = async () => (await client.listTags(app)).map(({ name }) => name).join('');
  return { asked, list };
}

t.test('L50 a list comes whole, whatever the server holds per page', async (t) => {
  const small = paging(
    { names: ['a', 'b'], total: 5 },
    { names: ['c', 'd'], total: 5 },
    { names: ['e'], total: 5 },
  );
  t.equal(await small.list(), 'abcde', 'pages shorter than what was asked for');
  t.same(small.asked, ['page=1&limit=50', 'page=2&limit=50', 'page=3&limit=50']);
  const next = '<https://git.example.org/x?page=2>; rel="next"';
  const first = '<https://git.example.org/x?page=1>; rel="first"';
  const linked = paging({ names: [], total: 1, link: next }, { names: ['a'], total: 1, link: first });
  t.equal(await linked.list(), 'a', 'a page of which nothing is shown is not the last');
  const silent = paging({ names: ['a'] }, { names: ['b'] }, { names: [] });
  t.equal(await silent.list(), 'ab', 'without any header until a page is empty');
  const none = paging({ names: [], total: 0 });
  t.equal(await none.list(), '');
  t.equal(none.asked.length, 1);
});

t.test('L50 a list that is cut is an error', async (t) => {
  const short = paging({ names: ['a', 'b'], total: 5 }, { names: [], total: 5 });
  await t.rejects(short.list(), {
    status: 69,
    code: 'forge-unreadable',
    message: 'GET /repos/org/app/tags at forge git gave 2 of the 5 that it counts',
  });
  const endless = '<https://git.example.org/x?page=2>; rel="next"';
  const pages = Array.from({ length: 400 }, (_, at) => ({ names: [`${at}`], total: 1_000, link: endless }));
  await t.rejects(paging(...pages).list(), { message: /gave more than 400 pages/ });
});

t.test('L50 a list that changes while it is read is read again', async (t) => {
  const before = [
    { names: ['a', 'b'], total: 3 },
    { names: ['d'], total: 2 },
  ] as const;
  const after = [
    { names: ['b', 'c'], total: 3 },
    { names: ['d'], total: 3 },
  ] as const;
  const moved = paging(...before, ...after);
  t.equal(await moved.list(), 'bcd', 'what moved to a page that was read is not lost');
  t.equal(moved.asked.length, 4);
  await t.rejects(paging(...before, ...before, ...before).list(), {
    message: /changed while it was read, 3 times/,
  });
});
