import type { Incoming } from '@ccci/lib/records/decode.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import t from 'tap';
import { readRecords } from '../../../tools/dedupe/input.ts';
import { now, stamping, triggerOf } from '../../lib/state/scene.ts';

const hash = '720faa0bebc4720faa0bebc4720faa0bebc4720f';
const fill = { now, random: () => 'beef', cwd: '/home/ana' };

async function readAll(...records: readonly object[]): Promise<(readonly Incoming[])[]> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(records.map(encodeLine).join(''));
  }
  const isSettled = ({ key }: AnyRecord) => key === 'gitea-9';
  const batches: (readonly Incoming[])[] = [];
  for await (const batch of readRecords(bytes(), { ...stamping, fill, isSettled })) batches.push(batch);
  return batches;
}

async function read(record: object): Promise<Incoming | undefined> {
  const [batch = []] = await readAll(record);
  return batch[0];
}

t.test('what came together comes out together, in order', async (t) => {
  const byHand = { type: 'trigger', repo: './ghost' };
  t.same(await readAll(byHand, { type: 'x' }, { type: 'trigger', key: 'gitea-9' }, byHand), [
    [
      { kind: 'foreign', record: byHand },
      { kind: 'foreign', record: { type: 'x' } },
      { kind: 'settled', record: { type: 'trigger', key: 'gitea-9' } },
      { kind: 'foreign', record: byHand },
    ],
  ]);
});

t.test('a trigger by hand whose ref needs git comes out as it was written', async (t) => {
  for (const said of [
    { repo: './ghost' },
    { repo: './ghost', ref: 'HEAD' },
    { repo: './ghost', ref: 'v2' },
  ]) {
    t.same(await read({ type: 'trigger', ...said }), {
      kind: 'foreign',
      record: { type: 'trigger', ...said },
    });
  }
});

t.test('a trigger by hand with a hash is filled in', async (t) => {
  t.match(await read({ type: 'trigger', repo: './ghost', ref: hash }), {
    kind: 'record',
    record: { key: 'hand-20261123t102000-beef', recipe: 'ghost', source: 'hand', by: 'hand', ref: hash },
  });
});

t.test('its other fields are checked all the same', async (t) => {
  t.match(await read({ type: 'trigger' }), { kind: 'bad', record: { message: /no repo/ } });
  const wrong = await read({ type: 'trigger', repo: './ghost', options: { stages: ['instal'] } });
  t.match(wrong, { kind: 'bad', record: { message: /options\.stages/ } });
});

t.test('a trigger of a forge is never filled in', async (t) => {
  const { recipe: _, ...incomplete } = triggerOf(7);
  t.match(await read(incomplete), { kind: 'bad', record: { message: /recipe/ } });
  t.same(await read(triggerOf(7)), { kind: 'record', record: triggerOf(7) });
});
