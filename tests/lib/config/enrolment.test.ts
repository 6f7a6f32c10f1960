import { enrolmentKey } from '@ccci/lib/config/enrolment.ts';
import { forgeSchema } from '@ccci/lib/config/forges.ts';
import { connectForge } from '@ccci/lib/forge/gitea.ts';
import t from 'tap';
import { sourcesOf } from '../../../tools/poll/sources.ts';

const forge = forgeSchema.parse({
  url: 'https://git.example.org',
  organisations: ['Recipes', 'other'],
  repositories: ['ana/Ghost', 'recipes/in-it'],
});
const key = (owner: string, name: string) => enrolmentKey('git', forge, { owner, name });

t.test('an organisation covers its repositories, whatever the case', async (t) => {
  t.equal(key('recipes', 'ghost'), 'git/Recipes');
  t.equal(key('OTHER', 'x'), 'git/other');
  t.equal(key('recipes', 'in-it'), 'git/Recipes', 'also one that is named beside it');
});

t.test('a single repository, and nothing else of its owner', async (t) => {
  t.equal(key('ANA', 'ghost'), 'git/ana/Ghost');
  t.equal(key('ana', 'other'), null);
  t.equal(key('ana/Ghost', ''), null);
  t.equal(key('', ''), null);
});

t.test('the same keys as poll has', async (t) => {
  const { signal } = new AbortController();
  const client = connectForge({ name: 'git', url: forge.url, requestMs: 1, signal });
  t.same(
    sourcesOf(forge, client, () => {}).map((source) => source.key),
    [key('recipes', 'x'), key('other', 'x'), key('ana', 'ghost')],
  );
});
