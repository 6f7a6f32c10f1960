import { compareVersions, newestBelow, parseVersion } from '@ccci/lib/recipe/versions.ts';
import t from 'tap';

t.test('reads x.y.z+upstream and nothing else', async (t) => {
  t.same(parseVersion('6.1.0+v5.9.1-alpine'), {
    text: '6.1.0+v5.9.1-alpine',
    major: 6,
    minor: 1,
    patch: 0,
    upstream: 'v5.9.1-alpine',
  });
  for (const tag of ['6.1.0', 'v1.0.0+1', '1.0+1', '1.0.0+', 'latest', ''])
    t.equal(parseVersion(tag), null, tag);
});

t.test('orders by numbers, then by the upstream part', async (t) => {
  const ordered = [
    '0.9.0+9',
    '1.2.0+1.9-alpine',
    '1.2.0+v1.10-alpine',
    '1.2.0+1.10.1',
    '1.10.0+0.1',
    '2.0.0+RELEASE.2023-01-02',
    '2.0.0+RELEASE.2024-01-01',
  ];
  const shuffled = [...ordered].reverse().map((tag) => parseVersion(tag)!);
  t.same(
    shuffled.sort(compareVersions).map(({ text }) => text),
    ordered,
  );
});

t.test('the newest below', async (t) => {
  const tags = ['1.0.0+1', '1.1.0+1', '1.1.0+2', '2.0.0+1', 'latest'];
  t.equal(newestBelow(tags, '1.1.0+2'), '1.1.0+1');
  t.equal(newestBelow(tags, '1.0.0+1'), null);
  t.equal(newestBelow(tags, null), '2.0.0+1');
  t.equal(newestBelow([], null), null);
  t.equal(newestBelow(tags, 'no version'), null);
});
