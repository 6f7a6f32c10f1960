import { commentShape, listOf, pullShape, timelineShape } from '@ccci/lib/forge/shapes.ts';
import t from 'tap';

const side = { label: 'x', ref: 'x', sha: 'a'.repeat(40), repo_id: 1, repo: { id: 1 } };
const pull = (more: object = {}) =>
  pullShape.parse({ number: 1, title: 'x', state: 'open', merged: false, base: side, head: side, ...more });

t.test('what is not a branch of the repository itself is foreign', async (t) => {
  t.equal(pull().isForeign, false);
  t.equal(pull({ head: { ...side, repo_id: 2, repo: { id: 2 } } }).isForeign, true, 'fork');
  t.equal(pull({ head: { ...side, repo_id: -1, repo: null } }).isForeign, true, 'fork that is deleted');
  t.equal(pull({ head: { ...side, label: '', ref: 'refs/pull/1/head' } }).isForeign, true, 'AGit, Gitea');
  t.equal(pull({ flow: 1 }).isForeign, true, 'AGit, Forgejo');
});

t.test('null lists and texts are empty ones, zones become UTC', async (t) => {
  t.same(listOf(timelineShape).parse(null), []);
  const raw = {
    id: 1,
    body: null,
    user: null,
    created_at: '2026-11-23T12:00:00+02:00',
    updated_at: '2026-11-23T10:00:00Z',
  };
  t.same(commentShape.parse(raw), {
    id: 1,
    pull: null,
    body: '',
    author: null,
    isMigrated: false,
    createdAt: '2026-11-23T10:00:00Z',
    updatedAt: '2026-11-23T10:00:00Z',
  });
  t.equal(commentShape.parse({ ...raw, original_author: 'ana' }).isMigrated, true);
  t.equal(commentShape.parse({ ...raw, original_author_id: 4 }).isMigrated, true);
});

t.test('a comment says where it stands by its web address', async (t) => {
  const placeOf = (pull_request_url: string) =>
    commentShape.parse({
      id: 1,
      pull_request_url,
      created_at: '2026-11-23T10:00:00Z',
      updated_at: '2026-11-23T10:00:00Z',
    }).pull;
  t.same(placeOf('https://git.example.org/org/app/pulls/7'), { owner: 'org', name: 'app', number: 7 });
  t.same(placeOf('http://10.0.0.1:3000/sub/path/org/my.app/pulls/70'), {
    owner: 'org',
    name: 'my.app',
    number: 70,
  });
  t.equal(placeOf(''), null, 'on an issue');
  t.equal(placeOf('https://git.example.org/org/app/issues/7'), null);
  t.equal(placeOf('https://git.example.org/org/app/pulls/7/files'), null);
});
