import { keySchema } from '@ccci/lib/records/common.ts';
import { commentKey, compactInstant, fileName, handKey, shortHash, slug } from '@ccci/lib/records/keys.ts';
import t from 'tap';

const now = new Date('2026-11-23T10:15:00.999Z');

t.test('keys', async (t) => {
  t.equal(commentKey('gitea', 14497), 'gitea-14497');
  t.equal(commentKey('Git Example', 1), 'git-example-1');
  t.equal(handKey(now, 'beefcafe'), 'hand-20261123t101500-beef', 'four digits of what is random');
  for (const key of [commentKey('gitea', 1), handKey(now, 'beef')]) {
    t.ok(keySchema.safeParse(key).success, key);
  }
});

t.test('names', async (t) => {
  t.equal(compactInstant(now), '20261123T101500Z');
  t.equal(fileName(now, 'gitea-1'), '20261123T101500Z-gitea-1');
  const later = fileName(new Date('2026-11-23T10:15:01Z'), 'a');
  t.ok(fileName(now, 'z') < later, 'names sort by time');
  t.equal(slug('A/b__C d.é'), 'a-b-c-d.-');
  t.equal(shortHash('abc', 6), 'ba7816');
});
