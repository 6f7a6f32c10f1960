import { writeDurably } from '@ccci/lib/state/files.ts';
import { prepareState, readOwner } from '@ccci/lib/state/layout.ts';
import t from 'tap';
import { isPowerCut, makeDisk, type SimulatedDisk } from './disk/disk.ts';
import { simulatedLocks } from './disk/locks.ts';
import { seededRandom } from './disk/random.ts';
import type { Survival } from './disk/survive.ts';

const seeds: readonly Survival[] = Array.from({ length: 60 }, (_, seed) => ({ seed }));

/** What is there after each of many cuts, sorted, each once. */
async function left(disk: SimulatedDisk, path: string, survivals = seeds): Promise<unknown[]> {
  const contents = await Promise.all(survivals.map((survival) => disk.survive(survival).read(path)));
  return [...new Set(contents)].sort();
}

async function withFile(content: string): Promise<SimulatedDisk> {
  const disk = makeDisk({ home: '/a' });
  await disk.write('/a/file', content);
  await disk.sync('/a/file');
  await disk.sync('/a');
  return disk;
}

t.test('without a sync of file and folder nothing is sure, with both everything is', async (t) => {
  const disk = makeDisk({ home: '/a' });
  await disk.write('/a/file', 'x');
  t.equal(await disk.read('/a/file'), 'x', 'programs read the page cache');
  t.equal(await disk.survive('nothing').read('/a/file'), undefined);
  t.equal(await disk.survive('everything').read('/a/file'), 'x');
  t.equal(await disk.survive('names').read('/a/file'), '', 'delayed allocation');
  t.equal(await disk.survive('contents').read('/a/file'), undefined, 'content without a name');
  await disk.sync('/a/file');
  t.equal(await disk.survive('nothing').read('/a/file'), undefined, 'the name is not synced');
  await disk.sync('/a');
  for (const survival of disk.survivals(3)) t.equal(await disk.survive(survival).read('/a/file'), 'x');
  t.strictSame(disk.survivals(3), ['nothing'], 'nothing is left to chance');
});

t.test(
  'an append survives whole, in part, with NULs in its place, or not; what was synced always',
  async (t) => {
    const disk = await withFile('one\n');
    await disk.append('/a/file', 'two\n');
    const contents = (await left(disk, '/a/file')).map(String);
    t.ok(contents.every((content) => content.startsWith('one\n')));
    t.ok(contents.includes('one\n') && contents.includes('one\ntwo\n') && contents.includes('one\ntw'));
    t.ok(contents.some((content) => content.length === 8 && content.endsWith('\0')));
    t.equal(await disk.survive('nothing').read('/a/file'), 'one\n');
  },
);

t.test('a write over a file leaves the old content, the new, or less', async (t) => {
  const disk = await withFile('old');
  await disk.write('/a/file', 'newer');
  const contents = await left(disk, '/a/file');
  for (const content of ['old', '', 'newer', 'ne']) t.ok(contents.includes(content), JSON.stringify(content));
});

t.test('a rename within a folder is whole or not at all', async (t) => {
  const disk = await withFile('x');
  await disk.write('/a/new', 'y');
  await disk.sync('/a/new');
  await disk.sync('/a');
  await disk.rename('/a/new', '/a/file');
  for (const survival of [...seeds, ...disk.survivals(0)]) {
    const after = disk.survive(survival);
    const isOld = (await after.read('/a/file')) === 'x';
    t.strictSame(await after.list('/a'), isOld ? ['file', 'new'] : ['file']);
  }
  t.same(await left(disk, '/a/file'), ['x', 'y']);
});

t.test('a rename of what was never synced may leave an empty file', async (t) => {
  const disk = await withFile('x');
  await disk.write('/a/new', 'y');
  await disk.rename('/a/new', '/a/file');
  await disk.sync('/a');
  t.equal(await disk.survive('nothing').read('/a/file'), '');
});

t.test('a rename to another folder leaves one name or both, never none', async (t) => {
  const disk = await withFile('x');
  await disk.makeFolder('/b');
  await disk.sync('/');
  await disk.rename('/a/file', '/b/file');
  const found = new Set<string>();
  for (const survival of [...seeds, ...disk.survivals(0)]) {
    const after = disk.survive(survival);
    found.add([...(await after.list('/a')), '|', ...(await after.list('/b'))].join(''));
  }
  t.strictSame([...found].sort(), ['file|', 'file|file', '|file']);
  const both = disk.survive('added');
  t.equal(both.inode('/a/file'), both.inode('/b/file'), 'two names of one file');
  await both.rename('/a/file', '/b/file');
  t.strictSame(await both.list('/a'), ['file'], 'then a rename does nothing');
});

t.test('the sync of a folder is taken at its word', async (t) => {
  const disk = await withFile('x');
  await disk.makeFolder('/b');
  await disk.sync('/');
  await disk.rename('/a/file', '/b/file');
  const wrong = disk.restart();
  await wrong.sync('/a');
  t.notOk(await wrong.survive('nothing').exists('/b/file'), 'the old name first: nowhere');
  t.notOk(await wrong.survive('nothing').exists('/a/file'));
  await disk.sync('/b');
  t.equal(await disk.survive('nothing').read('/a/file'), 'x', 'the new name first: both');
  t.equal(await disk.survive('nothing').read('/b/file'), 'x');
});

t.test('what was removed may come back until its folder is synced', async (t) => {
  const disk = await withFile('x');
  await disk.remove('/a/file');
  await disk.remove('/a/file');
  t.same(await left(disk, '/a/file'), ['x', undefined]);
  await disk.sync('/a');
  t.same(await left(disk, '/a/file'), [undefined]);
});

t.test('a link is a second name, given once', async (t) => {
  const disk = await withFile('x');
  t.ok(await disk.link('/a/file', '/a/other'));
  t.notOk(await disk.link('/a/file', '/a/other'));
  t.strictSame(await disk.survive('nothing').list('/a'), ['file']);
  t.strictSame(await disk.survive('everything').list('/a'), ['file', 'other']);
});

t.test('a folder whose parent was not synced takes what is in it along', async (t) => {
  const disk = makeDisk();
  t.equal(await disk.makeFolder('/a/b'), '/a');
  t.equal(await disk.makeFolder('/a/b'), undefined);
  await disk.write('/a/b/file', 'x');
  for (const path of ['/a/b/file', '/a/b', '/a']) await disk.sync(path);
  t.equal(await disk.survive('nothing').exists('/a/b/file'), false);
  await disk.sync('/');
  t.equal(await disk.survive('nothing').read('/a/b/file'), 'x');
});

t.test('each change may be the one that is missing', async (t) => {
  const disk = makeDisk({ home: '/a' });
  for (const name of ['one', 'two']) {
    await disk.write(`/a/${name}`, name);
    await disk.sync(`/a/${name}`);
  }
  const missing = disk.survivals(0).filter((survival) => typeof survival !== 'string');
  t.strictSame(missing, [{ without: 0 }, { without: 1 }]);
  const lists = await Promise.all(missing.map((survival) => disk.survive(survival).list('/a')));
  t.strictSame(lists, [['two'], ['one']]);
});

t.test('a cut: the operation may have been done, a sync has not, and nothing works afterwards', async (t) => {
  const disk = makeDisk({ home: '/a' });
  disk.cutAfter(2);
  await disk.write('/a/one', 'x');
  await t.rejects(disk.append('/a/one', 'y'), { code: 'POWER_CUT' });
  await t.rejects(disk.read('/a/one'), { code: 'POWER_CUT' });
  await t.rejects(disk.list('/a'), { code: 'POWER_CUT' });
  await t.rejects(disk.makeFolder('/b'), { code: 'POWER_CUT' });
  await t.rejects(disk.sync('/a'), { code: 'POWER_CUT' });
  t.ok(disk.isCut());
  t.equal(await disk.survive('everything').read('/a/one'), 'xy');
  const syncing = disk.restart();
  syncing.cutAfter(1);
  t.ok(isPowerCut(await syncing.sync('/a').catch((error) => error)));
  t.equal(await syncing.survive('nothing').exists('/a/one'), false);
  t.equal(await syncing.restart().read('/a/one'), 'xy', 'who was only killed has its page cache');
});

t.test('a sync that is taken out does nothing, by the lines that asked for it', async (t) => {
  const sites: unknown[] = [];
  const disk = makeDisk({
    home: '/a',
    without: ({ site, path }) => {
      sites.push(site);
      return path === '/a';
    },
  });
  await writeDurably('/a/file', 'x', disk);
  t.match(sites, [/^lib\/state\/files\.ts:\d+$/, /^lib\/state\/files\.ts:\d+$/]);
  t.not(sites[0], sites[1]);
  t.equal(await disk.survive('nothing').exists('/a/file'), false);
});

t.test('the same survival is the same every time', async (t) => {
  const [one, other] = [seededRandom(7), seededRandom(7)];
  t.strictSame([one(), one(), one()], [other(), other(), other()]);
  const disk = await withFile('');
  await disk.append('/a/file', 'x'.repeat(1000));
  const read = () => disk.survive({ seed: 5 }).read('/a/file');
  t.equal(await read(), await read());
});

t.test('a lock is of the file: it survives a rename, one has it', async (t) => {
  const disk = await withFile('x');
  const locks = simulatedLocks(disk);
  const lock = await locks.take('/a/file');
  await disk.rename('/a/file', '/a/moved');
  t.equal(await locks.take('/a/moved'), null);
  t.equal(await locks.take('/a/file'), null, 'not there');
  lock?.release();
  t.ok(await locks.take('/a/moved'));
  const after = disk.survive('everything');
  t.ok(await simulatedLocks(after).take('/a/moved'), 'and it dies with the power');
});

t.test('it fails as a real disk does, and what is written for that runs on it', async (t) => {
  const disk = makeDisk();
  await t.rejects(disk.write('/none/file', 'x'), { status: 74, message: /cannot write in \/none/ });
  await t.rejects(disk.rename('/none', '/other'), { status: 74, message: /cannot rename to \/other/ });
  await t.rejects(disk.sync('/none'), { status: 74, message: /cannot sync \/none/ });
  t.equal(await disk.read('/none'), undefined);
  t.strictSame(await disk.list('/none'), []);
  await prepareState('/srv/state', disk);
  t.match(await readOwner('/srv/state', disk), /^[0-9a-f]{16}$/);
  t.equal(await readOwner('/srv/state', disk.survive('nothing')), await readOwner('/srv/state', disk));
});
