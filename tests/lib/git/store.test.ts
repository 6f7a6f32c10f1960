import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { checkout } from '@ccci/lib/git/checkout.ts';
import { dropStore, storeOf } from '@ccci/lib/git/store.ts';
import { discover } from '@ccci/lib/plan/discover.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { lockFile, lockPatiently } from '@ccci/lib/state/lock.ts';
import t from 'tap';
import { serveGit } from '../../support/forge/http-backend.ts';
import { makeRepository } from './repository.ts';

type Test = { readonly teardown: (work: () => void) => unknown; readonly testdir: () => string };

/** A forge with one repository that counts what it is asked for. */
async function start(t: Test) {
  const dir = t.testdir();
  const repo = await makeRepository(join(dir, 'ghost'));
  const first = await repo.commit({
    'compose.yml': 'services: {app: {image: "a:1"}}\n',
    big: 'x'.repeat(9_000),
  });
  await repo.git('tag', '-a', '1.0.0+1', '-m', 'x');
  const head = await repo.commit({ 'compose.yml': 'services: {app: {image: "a:2"}}\n' });
  await repo.git('update-ref', 'refs/pull/3/head', head);
  const asked: string[] = [];
  let sent = 0;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    asked.push(`${request.method} ${url.pathname.split('.git/')[1]}`);
    const write = response.write.bind(response) as (...args: unknown[]) => boolean;
    response.write = ((chunk: Buffer, ...rest: unknown[]) => {
      sent += chunk.length;
      return write(chunk, ...rest);
    }) as typeof response.write;
    void serveGit(request, response, {
      path: join(repo.dir, '.git'),
      file: url.pathname.replace('/recipes/ghost.git/', ''),
      query: url.search.slice(1),
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const forge = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${forge}/recipes/ghost.git`;
  const stores = { folder: join(dir, 'git'), lock: lockPatiently };
  const store = storeOf(stores, { location: url, local: false, protocols: ['http'] });
  let number = 0;
  const take = (ref: string, more: object = {}) => {
    number += 1;
    const into = join(dir, `out-${number}`);
    return checkout({
      repo: url,
      ref,
      pull: 3,
      into,
      allowLocal: false,
      forgeUrls: [forge],
      stores,
      ...more,
    });
  };
  return { dir, repo, first, head, forge, url, stores, store, take, asked, sent: () => sent };
}

t.test('the second checkout of a repository transfers no file again', async (t) => {
  const s = await start(t);
  const one = await s.take(s.head);
  const whole = s.sent();
  const two = await s.take(s.head);
  t.same({ ...two, dir: '' }, { ...one, dir: '' }, 'commit, tags and head of the pull request are the same');
  t.equal(one.pullHead, s.head);
  t.match(one.tags, [{ name: '1.0.0+1', commit: s.first, annotated: true }]);
  t.ok(s.sent() - whole < whole / 2, `${whole} bytes, then ${s.sent() - whole}`);
  t.equal(s.asked.filter((line) => line.startsWith('POST')).length, 3, 'refs and objects, then refs alone');
  t.equal(readFileSync(join(two.dir, 'compose.yml'), 'utf8'), 'services: {app: {image: "a:2"}}\n');
  const newer = await s.repo.commit({ new: '1' });
  await s.repo.git('update-ref', 'refs/pull/3/head', newer);
  t.match(await s.take(newer), { ref: newer, pullHead: newer }, 'what is new comes');
});

t.test('a store may go at any time: a checkout has all it needs', async (t) => {
  const s = await start(t);
  const { dir } = await s.take(s.head);
  rmSync(s.stores.folder, { recursive: true });
  execFileSync('git', ['-C', dir, 'fsck', '--full', '--strict'], { stdio: 'ignore' });
  t.match(await s.take(s.first), { ref: s.first });
  t.ok(existsSync(s.store), 'it is made anew');
});

t.test('L20 several runs at once share a store and nothing else', async (t) => {
  const s = await start(t);
  const refs = [s.first, s.head, s.first, s.head];
  const all = await Promise.all(refs.map((ref) => s.take(ref)));
  t.same(
    all.map(({ ref }) => ref),
    refs,
  );
  t.equal(new Set(all.map(({ dir }) => dir)).size, 4);
});

t.test('a store that somebody holds for too long is done without', async (t) => {
  const s = await start(t);
  await s.take(s.head);
  const held = await lockFile(`${s.store}.lock`);
  const waits: number[] = [];
  const lock = (path: string, waitMs: number) => {
    waits.push(waitMs);
    return lockPatiently(path, 20);
  };
  t.match(await s.take(s.head, { stores: { ...s.stores, lock } }), { ref: s.head, pullHead: s.head });
  t.same(waits, [180_000], 'the wait has a bound');
  held?.release();
});

t.test('what is gone from the forge is gone, whatever the store remembers', async (t) => {
  const s = await start(t);
  await s.repo.git('checkout', '--quiet', '--detach');
  const pushed = await s.repo.commit({ a: '1' });
  await s.repo.git('update-ref', 'refs/pull/3/head', pushed);
  await s.take(pushed);
  await s.repo.git('update-ref', 'refs/pull/3/head', s.head);
  await s.repo.git('checkout', '--quiet', 'main');
  t.match(await s.take(pushed), { ref: pushed, pullHead: s.head }, 'handed out by its hash');
  await s.repo.git('reflog', 'expire', '--expire=now', '--all');
  await s.repo.git('gc', '--quiet', '--prune=now');
  await t.rejects(s.take(pushed), { code: 'commit-gone' });
});

t.test('a branch that was removed, or has become a folder, is in no later checkout', async (t) => {
  const s = await start(t);
  await s.repo.git('branch', 'old');
  const branches = (dir: string) =>
    execFileSync('git', ['-C', dir, 'for-each-ref', '--format=%(refname)', 'refs/remotes'], {
      encoding: 'utf8',
    });
  t.match(branches((await s.take(s.head)).dir), /origin\/old/);
  await s.repo.git('branch', '-D', 'old');
  await s.repo.git('branch', 'old/er');
  const after = branches((await s.take(s.head)).dir);
  t.match(after, /origin\/old\/er/);
  t.notMatch(after, /origin\/old$/m);
});

const breaks: Readonly<Record<string, (store: string) => void>> = {
  'a missing pack': (store) => {
    for (const name of readdirSync(join(store, 'objects', 'pack')))
      rmSync(join(store, 'objects', 'pack', name), { force: true });
    for (const name of readdirSync(join(store, 'objects')))
      if (name.length === 2) rmSync(join(store, 'objects', name), { recursive: true });
  },
  'a file without sense for each object': (store) => {
    for (const entry of readdirSync(join(store, 'objects'), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      chmodSync(path, 0o644);
      writeFileSync(path, 'nonsense');
    }
  },
  'no HEAD': (store) => rmSync(join(store, 'HEAD')),
  'a ref without sense': (store) => {
    rmSync(join(store, 'packed-refs'), { force: true });
    writeFileSync(join(store, 'refs', 'heads', 'main'), 'nonsense\n');
  },
};
for (const [what, damage] of Object.entries(breaks)) {
  t.test(`a store with ${what} is made anew`, async (t) => {
    const s = await start(t);
    await s.take(s.head);
    damage(s.store);
    const { pr: _pr, forge: _forge, ...rest } = triggerExample;
    for (const number of [1, 2]) {
      const found = await discover(
        { ...rest, repo: s.url, ref: s.head },
        {
          into: join(s.dir, `run-${number}`),
          testsDir: join(s.dir, 'tests'),
          allowLocal: false,
          forgeUrls: [s.forge],
          stores: s.stores,
          stamping: { by: 'ccci-stage/test', now: () => new Date(0) },
        },
      );
      t.equal(found.plan.ref, s.head);
    }
    execFileSync('git', ['-C', s.store, 'fsck', '--full', '--strict'], { stdio: 'ignore' });
  });
}

t.test('L64 nothing that was written into a store is believed', async (t) => {
  const s = await start(t);
  await s.take(s.head);
  const mark = join(s.dir, 'ran');
  const evil = `touch ${mark}; true`;
  writeFileSync(
    join(s.store, 'config'),
    `[core]\n bare = true\n fsmonitor = "${evil}"\n[uploadpack]\n packObjectsHook = "${evil}"\n[filter "evil"]\n smudge = "${evil}"\n`,
  );
  for (const hook of ['reference-transaction', 'post-checkout', 'pre-auto-gc']) {
    execFileSync('mkdir', ['-p', join(s.store, 'hooks')]);
    writeFileSync(join(s.store, 'hooks', hook), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  }
  await s.repo.commit({ new: '1' });
  const { dir } = await s.take(s.head);
  t.notOk(existsSync(mark));
  t.notOk(existsSync(join(dir, '.git', 'hooks')));
  t.notMatch(readFileSync(join(dir, '.git', 'config'), 'utf8'), /evil|remote|branch/);
});

t.test('a store that was never made is dropped without a word, before anything was kept too', async (t) => {
  const stores = { folder: join(t.testdir(), 'state', 'git'), lock: lockPatiently };
  const location = 'http://127.0.0.1:1/recipes/ghost.git';
  await dropStore({ location, local: false, protocols: ['http'] }, stores);
  t.notOk(existsSync(storeOf(stores, { location, local: false, protocols: ['http'] })));
});
