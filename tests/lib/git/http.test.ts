import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkout } from '@ccci/lib/git/checkout.ts';
import { resolveRef } from '@ccci/lib/git/resolve.ts';
import { readHeadNow } from '@ccci/lib/plan/head-now.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import t from 'tap';
import { serveGit } from '../../support/forge/http-backend.ts';
import { makeRepository } from './repository.ts';

type Test = { readonly teardown: (work: () => void) => unknown };

/** A forge in small: `/recipes/ghost.git`, one that has moved, one that never answers. */
async function serve(t: Test, git: string, onHang = () => {}) {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://x');
    if (url.pathname.startsWith('/hang/')) return onHang();
    if (url.pathname.startsWith('/moved/')) {
      response.writeHead(301, { location: url.href.replace('http://x/moved', '/recipes') }).end();
      return;
    }
    const file = url.pathname.replace('/recipes/ghost.git/', '');
    if (file === url.pathname) return void response.writeHead(404).end('not found');
    void serveGit(request, response, { path: git, file, query: url.search.slice(1) });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function start(dir: string) {
  const repo = await makeRepository(join(dir, 'ghost'));
  const first = await repo.commit({ a: '1' });
  await repo.git('tag', '-a', '1.0.0+1', '-m', 'x');
  const head = await repo.commit({ a: '2' });
  await repo.git('update-ref', 'refs/pull/3/head', head);
  return { repo, first, head, into: join(dir, 'out') };
}

t.test('a configured forge may be http: commit, tags and pull request come', async (t) => {
  const { repo, first, head, into } = await start(t.testdir());
  const forge = await serve(t, join(repo.dir, '.git'));
  const url = `${forge}/recipes/ghost.git`;
  const options = { repo: url, allowLocal: false, forgeUrls: [forge] };
  const got = await checkout({ ...options, ref: head, pull: 3, into });
  t.match(got, { ref: head, pullHead: head, tags: [{ name: '1.0.0+1', commit: first, annotated: true }] });
  t.equal(await resolveRef(url, 'main', options), head);
  t.equal(await resolveRef(url, '1.0.0+1', options), first, 'an annotated tag is its commit');
  t.equal(await resolveRef(url, 'HEAD', options), head);
  await t.rejects(resolveRef(url, 'nope', options), { code: 'ref-missing' });
  await t.rejects(checkout({ ...options, ref: head, forgeUrls: ['http://127.0.0.1:1'], into }), {
    code: 'git-refused',
  });
  await t.rejects(checkout({ ...options, ref: head, repo: url, forgeUrls: [`${forge}/other`], into }), {
    code: 'git-refused',
  });
});

t.test('the head of a pull request right now, or nothing', async (t) => {
  const { repo, first } = await start(t.testdir());
  const forge = await serve(t, join(repo.dir, '.git'));
  const trigger = (number: number, path = '/recipes/ghost.git') => ({
    ...triggerExample,
    repo: `${forge}${path}`,
    pr: { ...triggerExample.pr!, number },
  });
  const options = { allowLocal: false, forgeUrls: [forge] };
  await repo.git('update-ref', 'refs/pull/3/head', first);
  t.equal(await readHeadNow(trigger(3), options), first);
  t.equal(await readHeadNow(trigger(4), options), null, 'no such pull request');
  t.equal(await readHeadNow(trigger(3, '/recipes/none.git'), options), null, 'no such repository');
  t.equal(await readHeadNow({ ...trigger(3), repo: 'http://127.0.0.1:1/x.git' }, options), null);
  t.equal(await readHeadNow({ ...trigger(3), pr: undefined }, options), null, 'no pull request at all');
});

t.test('a repository that is not there, and one that has moved', async (t) => {
  const { repo, head, into } = await start(t.testdir());
  const forge = await serve(t, join(repo.dir, '.git'));
  const get = (path: string, number: number) =>
    checkout({
      repo: `${forge}${path}`,
      ref: head,
      into: `${into}-${number}`,
      allowLocal: false,
      forgeUrls: [forge],
    });
  await t.rejects(get('/recipes/none.git', 1), {
    code: 'repo-missing',
    message: /none\.git is not there/,
    hint: /private/,
  });
  await t.rejects(get('/moved/ghost.git', 2), { code: 'git-refused', hint: /redirects are not followed/ });
});

t.test('a forge that never answers is left at the first cancel', async (t) => {
  const { repo, head, into } = await start(t.testdir());
  const controller = new AbortController();
  const forge = await serve(t, join(repo.dir, '.git'), () => controller.abort(new Error('cancelled here')));
  const hanging = checkout({
    repo: `${forge}/hang/ghost.git`,
    ref: head,
    into,
    allowLocal: false,
    forgeUrls: [forge],
    signal: controller.signal,
  });
  await t.rejects(hanging, { message: 'cancelled here' });
});
