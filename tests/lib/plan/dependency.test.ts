import { readTags } from '@ccci/lib/git/remote-tags.ts';
import { newestPublished } from '@ccci/lib/plan/dependency.ts';
import { dependencySources } from '@ccci/lib/plan/dependency-source.ts';
import t from 'tap';

function places(repo: string, repositories: Record<string, string> = {}) {
  return dependencySources({ name: 'keycloak', repo, allowLocal: false, repositories });
}

t.test('a dependency lies beside the recipe, where the configuration says nothing else', async (t) => {
  t.same(places('https://git.example.org/recipes/app.git'), [
    { repo: 'https://git.example.org/recipes/keycloak.git', allowLocal: false },
  ]);
  t.same(places('https://git.example.org/recipes/app/'), [
    { repo: 'https://git.example.org/recipes/keycloak', allowLocal: false },
  ]);
  t.same(
    places('/home/ana/app').map(({ repo }) => repo),
    ['/home/ana/keycloak', '/home/ana/keycloak.git'],
  );
  t.same(
    places('/srv/git/app.git').map(({ repo }) => repo),
    ['/srv/git/keycloak.git', '/srv/git/keycloak'],
  );
  t.same(places('https://git.example.org/recipes/app.git', { keycloak: '/srv/keycloak' }), [
    { repo: '/srv/keycloak', allowLocal: true },
  ]);
});

t.test('the newest version is the highest that is published by an annotated tag', async (t) => {
  const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(40)) as [string, string, string];
  const listing = [
    `${a}\trefs/tags/1.2.0+1.0`,
    `${b}\trefs/tags/1.2.0+1.0^{}`,
    `${a}\trefs/tags/1.10.0+1.0`,
    `${c}\trefs/tags/1.10.0+1.0^{}`,
    `${c}\trefs/tags/2.0.0+1.0`,
    `${a}\trefs/tags/v9`,
    `${b}\trefs/tags/v9^{}`,
    '',
  ].join('\n');
  t.same(newestPublished(readTags(listing)), { name: '1.10.0+1.0', commit: c, annotated: true });
  t.equal(newestPublished(readTags(`${c}\trefs/tags/2.0.0+1.0\n`)), null, 'a lightweight tag is none');
});
