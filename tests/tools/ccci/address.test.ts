import t from 'tap';
import { readPullAddress, readRunAddress } from '../../../tools/ccci/address.ts';

t.test('pull requests, as a browser shows them', async (t) => {
  const ghost = { forge: 'https://git.example.org', owner: 'recipes', name: 'ghost', number: 3 };
  for (const tail of ['', '/', '/files', '/commits/720faa', '#issuecomment-14497', '?x=1']) {
    t.same(readPullAddress(`https://git.example.org/recipes/ghost/pulls/3${tail}`), ghost, tail);
  }
  t.match(readPullAddress('http://127.0.0.1:3000/code/recipes/my%20app/pulls/12'), {
    ...{ forge: 'http://127.0.0.1:3000/code', owner: 'recipes', name: 'my app', number: 12 },
  });
  for (const other of [
    'https://git.example.org/recipes/ghost/issues/3',
    './ghost/pulls/3',
    'ftp://a/b/c/pulls/1',
  ]) {
    t.equal(readPullAddress(other), null, other);
  }
  t.equal(readPullAddress('https://git.example.org/recipes/ghost/pulls/0'), null);
});

t.test('runs, by their page or a file beside it', async (t) => {
  const run = { id: 'gitea-14497', folder: 'https://ci.example.org/sub/runs/gitea-14497/' };
  for (const tail of ['', '/', '/index.html', '/results.json', '/#log']) {
    t.same(readRunAddress(`https://ci.example.org/sub/runs/gitea-14497${tail}`), run, tail);
  }
  for (const other of ['https://ci.example.org/', 'https://ci.example.org/runs/../x', 'runs/gitea-1']) {
    t.equal(readRunAddress(other), null, other);
  }
});
