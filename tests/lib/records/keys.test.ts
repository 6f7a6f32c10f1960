import { keySchema } from '@ccci/lib/records/common.ts';
import {
  commentKey,
  compactInstant,
  fileName,
  handKey,
  type SweptThing,
  shortHash,
  slug,
  sweepKey,
} from '@ccci/lib/records/keys.ts';
import fc from 'fast-check';
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

const swept = (more: Partial<SweptThing> = {}) =>
  sweepKey({ day: '20261123', forge: 'git', owner: 'recipes', name: 'ghost', isShared: false, ...more });

t.test('keys of a sweep', async (t) => {
  t.equal(swept(), 'sweep-20261123-ghost');
  t.equal(swept({ name: 'Ghost' }), 'sweep-20261123-ghost');
  t.equal(swept({ pull: 3 }), 'sweep-20261123-ghost-pr3');
  t.equal(swept({ tag: '1.2.3+4.5.6' }), 'sweep-20261123-ghost-1.2.3-4-5-6');
  t.equal(swept({ day: '20261123t101500' }), 'sweep-20261123t101500-ghost', 'again on the same day');
  t.match(swept({ isShared: true }), /^sweep-20261123-ghost-[0-9a-f]{8}$/);
  t.equal(swept({ isShared: true, owner: 'Recipes' }), swept({ isShared: true }), 'names have no case');
});

t.test('what could be read as something else has a hash', async (t) => {
  const odd: readonly Partial<SweptThing>[] = [
    { name: 'ghost-pr3' },
    { name: 'ghost-1.2.3-4-5' },
    { name: 'ghost-deadbeef' },
    { name: 'ghost.2' },
    { name: 'ghost.control' },
    { tag: '1.2.3+4-5' },
    { tag: '1.2.3+deadbeef' },
    { tag: '1.2.3+V4' },
    { name: 'g'.repeat(66) },
    { name: 'g'.repeat(64), pull: 3 },
  ];
  for (const one of odd) {
    t.match(swept(one), /-[0-9a-f]{8}$/, JSON.stringify(one));
    t.ok(keySchema.safeParse(swept(one)).success, 'and is a key still');
  }
  t.equal(swept({ name: 'g'.repeat(65) }).length, 80, 'the longest that needs none');
  t.equal(swept({ name: 'mastodon-4' }), 'sweep-20261123-mastodon-4');
});

const name = fc.oneof(
  fc.stringMatching(/^[a-cA-C0-2._-]{1,6}$/),
  fc.stringMatching(/^[a-b](-pr[1-2])?(-1\.1\.1-[12](-[12])?)?(\.[12])?$/),
  fc.stringMatching(/^[a-zA-Z0-9._-]{1,100}$/, { size: 'max' }),
);
const ending = fc.oneof(
  fc.constant({}),
  fc.record({ pull: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ tag: fc.stringMatching(/^1\.1\.[12]\+[12aA]([.-][12]){0,3}$/) }),
  fc.record({ tag: fc.stringMatching(/^\d{1,9}\.\d{1,9}\.\d{1,9}\+\S{1,120}$/, { size: 'max' }) }),
);
const place = fc.record({ forge: fc.constantFrom('a', 'b'), owner: fc.constantFrom('x', 'y', 'x-y'), name });
const things = fc.uniqueArray(fc.record({ place, ending }), {
  selector: (thing) => JSON.stringify(thing).toLowerCase(),
  minLength: 1,
  maxLength: 40,
});

/** The keys of one sweep over all these, as the sweep itself makes them. */
function keysOf(
  all: readonly { readonly place: Omit<SweptThing, 'day' | 'isShared'>; readonly ending: object }[],
) {
  const id = ({ forge, owner, name }: Omit<SweptThing, 'day' | 'isShared'>) =>
    `${forge}/${owner}/${name}`.toLowerCase();
  return all.map(({ place, ending }) => {
    const isShared = all.some(
      (one) => id(one.place) !== id(place) && slug(one.place.name) === slug(place.name),
    );
    return sweepKey({ day: '20261123', ...place, ...ending, isShared });
  });
}

t.test('property: all keys of a sweep are keys, and no two are equal', async () => {
  fc.assert(
    fc.property(things, (all) => {
      const keys = keysOf(all);
      const attempts = keys.flatMap((key) => [`${key}.2`, `${key}.control`, `${key}.repeat`]);
      return (
        keys.every((key) => keySchema.safeParse(key).success && key.startsWith('sweep-20261123-')) &&
        new Set([...keys, ...attempts]).size === 4 * all.length
      );
    }),
    { numRuns: 2_000 },
  );
});

t.test('property: the order in which things are enrolled changes no key', async () => {
  fc.assert(
    fc.property(things, (all) => {
      const turned = keysOf([...all].reverse()).reverse();
      return keysOf(all).every((key, at) => key === turned[at]);
    }),
  );
});
