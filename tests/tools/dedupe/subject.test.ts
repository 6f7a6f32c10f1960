import { configSchema } from '@ccci/lib/config/schema.ts';
import t from 'tap';
import { readSubject } from '../../../tools/dedupe/subject.ts';

const { forges } = configSchema.parse({
  forges: {
    git: { url: 'https://git.example.org' },
    below: { url: 'https://example.org/forge/' },
  },
});
const pull = { forge: 'git', owner: 'recipes', name: 'ghost', number: 3 };
const table = [
  ['gitea-14497', { kind: 'key', key: 'gitea-14497', pull: null }],
  ['sweep-20261123-ghost', { kind: 'key', key: 'sweep-20261123-ghost', pull: null }],
  ['https://git.example.org/recipes/ghost/pulls/3', { kind: 'pull', pull }],
  ['https://git.example.org/recipes/ghost/pulls/3/', { kind: 'pull', pull }],
  ['https://git.example.org/recipes/ghost/pulls/3/files', { kind: 'pull', pull }],
  ['https://git.example.org/recipes/ghost/pulls/3#issuecomment-7', { kind: 'key', key: 'git-7', pull }],
  ['https://git.example.org/recipes/ghost/issues/3#issuecomment-7', { kind: 'key', key: 'git-7', pull }],
  ['https://example.org/forge/recipes/ghost/pulls/3', { kind: 'pull', pull: { ...pull, forge: 'below' } }],
  ['http://git.example.org/recipes/ghost/pulls/3', { kind: 'pull', pull }],
] as const;

for (const [word, expected] of table) {
  t.test(word, async (t) => t.same(readSubject(word, forges), expected));
}

for (const [word, why] of [
  ['https://elsewhere.org/recipes/ghost/pulls/3', /below no configured forge \(https:\/\/git.example.org, /],
  ['https://example.org/recipes/ghost/pulls/3', /below no configured forge/],
  ['https://git.example.org/recipes/ghost', /names no pull request/],
  ['recipes/ghost', /is no address/],
  ['GITEA 7', /neither an address nor a key/],
] as const) {
  t.test(`refused: ${word}`, async (t) => {
    t.throws(() => readSubject(word, forges), { status: 64, message: why, hint: /gitea-14497/ });
  });
}
