import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import {
  type DecodeOptions,
  decode,
  decodeBatches,
  deepest,
  type Incoming,
} from '@ccci/lib/records/decode.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { errorSchema } from '@ccci/lib/records/error.ts';
import { keptLimit, lineLimit } from '@ccci/lib/records/lines.ts';
import { tickExample } from '@ccci/lib/records/tick.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import { type AnyRecord, recordTypes } from '@ccci/lib/records/types.ts';
import fc from 'fast-check';
import t from 'tap';

const stamping = { by: 'ccci-x/1', now: () => new Date('2026-11-23T10:15:00.000Z') };

async function decodeAll(
  input: string | Uint8Array | readonly Uint8Array[],
  options: Partial<DecodeOptions> = {},
): Promise<Incoming[]> {
  const chunks =
    typeof input === 'string' ? [Buffer.from(input)] : 'length' in input && isBytes(input) ? [input] : input;
  const all: Incoming[] = [];
  for await (const incoming of decode(feed(chunks as Uint8Array[]), { ...stamping, ...options })) {
    if (incoming.kind === 'bad')
      assert.ok(errorSchema.safeParse(incoming.record).success, 'a valid error record');
    all.push(incoming);
  }
  return all;
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

async function* feed(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

t.test('every known record is read as it is', async (t) => {
  const examples = Object.values(recordTypes).map(({ example }) => ({ ...example, unheard: [null] }));
  const all = await decodeAll(examples.map(encodeLine).join(''));
  t.same(
    all,
    examples.map((record) => ({ kind: 'record', record })),
    'with fields that the contract does not know',
  );
});

t.test('unknown types go through, field for field', async (t) => {
  const line = '{"z":{"b":[1,null,{"a":""}],"a":1.5},"type":"x.unknown","v":"seven","at":null,"ü":"\\u2028"}';
  const [incoming] = await decodeAll(line);
  t.equal(incoming?.kind, 'foreign');
  t.equal(JSON.stringify(incoming?.record), line.replace('\\u2028', '\u2028'), 'in their order');
});

t.test('lines that say nothing are skipped, and counted', async (t) => {
  const all = await decodeAll(`\n \t\r\n${encodeLine(tickExample).replace('\n', '\r\n')}\n\nhello`);
  t.match(all, [{ kind: 'record' }, { kind: 'bad', record: { message: /^line 6 is not JSON/ } }]);
});

t.test('what is no record', async (t) => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['hello', /^line 1 is not JSON: /],
    ['{"type":"tri', /^line 1 is not JSON: /],
    ['{"type":"tick"} {"type":"tick"}', /^line 1 is not JSON: /],
    ['\ufeff{"type":"x"}', /^line 1 is not JSON: /],
    ['null', /^line 1 is not a record$/],
    ['7', /^line 1 is not a record$/],
    ['"type"', /^line 1 is not a record$/],
    ['[{"type":"x"}]', /^line 1 is not a record$/],
    ['{}', /^line 1 is not a record$/],
    ['{"type":7}', /^line 1 is not a record$/],
    ['{"type":null}', /^line 1 is not a record$/],
  ];
  for (const [input, message] of cases) {
    const [incoming, ...rest] = await decodeAll(input);
    t.same(rest, []);
    t.equal(incoming?.kind, 'bad', input);
    t.match(incoming?.record, {
      type: 'error',
      v: 1,
      at: '2026-11-23T10:15:00.000Z',
      by: 'ccci-x/1',
      message,
      hint: String,
      line: input,
      bytes: Buffer.byteLength(input),
      sha256: sha256(input),
    });
  }
});

t.test('a bad line takes nothing else with it', async (t) => {
  const all = await decodeAll('{"type":"x.1"}\n{"type":\n\xff\n{"type":"x.2"}\n{"type":"x.3"');
  t.same(
    all.map(({ kind, record }) => (kind === 'bad' ? 'bad' : record.type)),
    ['x.1', 'bad', 'bad', 'x.2', 'bad'],
  );
});

t.test('bytes that are no text are kept as Base64', async (t) => {
  const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
  const [incoming] = await decodeAll(bytes);
  t.match(incoming?.record, {
    message: 'line 1 is not UTF-8',
    lineBase64: bytes.toString('base64'),
    bytes: 4,
  });
  t.notOk('line' in (incoming?.record ?? {}));
  t.equal(incoming?.record.sha256, sha256(bytes));
});

t.test('a line over the limit', async (t) => {
  const long = `{"type":"x","pad":"${'p'.repeat(lineLimit)}"}`;
  const [bad, next] = await decodeAll(`${long}\n{"type":"x.next"}\n`);
  t.match(bad?.record, { message: `line 1 is ${long.length} bytes long; at most 1048576 are allowed` });
  t.equal(bad?.record.line, long.slice(0, keptLimit), 'its first 64 KiB are kept');
  t.match(bad?.record, { bytes: long.length, sha256: sha256(long) });
  t.match(next, { kind: 'foreign', record: { type: 'x.next' } });
});

t.test('a long line of text stays text, wherever it is cut', async (t) => {
  for (const [character, offset] of ['ü', '€', '😀'].flatMap((c) =>
    [0, 1, 2, 3].map((o) => [c, o] as const),
  )) {
    const text = `${'a'.repeat(offset)}${character.repeat(keptLimit)}`;
    const [bad] = await decodeAll(text);
    const kept = String(bad?.record.line);
    t.ok(kept.length > 1000 && text.startsWith(kept), `${character} behind ${offset} bytes`);
    t.ok(Buffer.byteLength(kept) > keptLimit - 4 && Buffer.byteLength(kept) <= keptLimit);
    t.match(bad?.record, { bytes: Buffer.byteLength(text), sha256: sha256(text) });
  }
  const broken = Buffer.concat([
    Buffer.alloc(keptLimit - 1, 'a'),
    Buffer.from([0xff]),
    Buffer.alloc(10, 'b'),
  ]);
  const [bad] = await decodeAll(broken);
  t.equal(bad?.record.lineBase64 ?? bad?.record.line, 'a'.repeat(keptLimit - 1), 'a broken end is not shown');
});

t.test('records that are nested too deeply would exhaust whoever writes them', async (t) => {
  const nested = (levels: number) => `{"type":"x","a":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  const [fine, bad, worse] = await decodeAll([deepest - 1, deepest, 400_000].map(nested).join('\n'));
  t.equal(fine?.kind, 'foreign');
  t.match(bad?.record, { message: `line 2 is nested more than ${deepest} levels deep` });
  t.match(worse, { kind: 'bad', record: { bytes: nested(400_000).length } });
});

t.test('a known type that breaks its schema', async (t) => {
  const { cursors: _cursors, ...tick } = tickExample;
  const [bad] = await decodeAll(encodeLine({ ...tick, calls: -1 }));
  t.match(bad?.record, {
    message: /^line 1 is no valid tick record: .*cursors: .*; calls: |^line 1 .*calls: .*cursors: /,
    hint: 'see schema/tick.json',
    line: String,
  });
  const [deep] = await decodeAll(
    encodeLine({ ...triggerExample, pr: { ...triggerExample.pr, number: '3' } }),
  );
  t.match(deep?.record, { message: /pr\.number: .*expected .*received string/ }, 'the path is said');
});

t.test('of many problems the first three are named', async (t) => {
  const [bad] = await decodeAll('{"type":"trigger"}');
  const message = String(bad?.record.message);
  t.match(message, /^line 1 is no valid trigger record: v: [^;]+; at: [^;]+; by: [^;]+; and \d+ more$/);
  const { success, error } = recordTypes.trigger.schema.safeParse({ type: 'trigger' });
  t.notOk(success);
  t.ok(message.endsWith(`; and ${(error?.issues.length ?? 0) - 3} more`), message);
});

t.test('fill', async (t) => {
  const fill = async (record: AnyRecord) => ({ ...tickExample, ...record, filled: true });
  const all = await decodeAll('{"type":"tick"}\n{"type":"x"}\nnull', { fill });
  t.match(all, [
    { kind: 'record', record: { ...tickExample, filled: true } },
    { kind: 'foreign', record: { type: 'x' } },
    { kind: 'bad' },
  ]);
  t.notOk('filled' in (all[1]?.record ?? {}), 'foreign records are left alone');

  const failing = () => {
    throw new Failure(exitStatus.badInput, 'no-repo', 'the trigger has no repo', { hint: 'write one' });
  };
  const [bad] = await decodeAll('{"type":"trigger"}', { fill: failing });
  t.match(bad?.record, { message: 'line 1 cannot be used: the trigger has no repo', hint: 'write one' });

  const buggy = () => {
    throw new TypeError('oops');
  };
  await t.rejects(
    decodeAll('{"type":"trigger"}', { fill: buggy }),
    { message: 'oops' },
    'a bug is no bad input',
  );
});

t.test('what is settled is neither filled in nor checked, all else is', async (t) => {
  const fill = (record: AnyRecord) => ({ ...record, filled: true });
  const isSettled = ({ key }: AnyRecord) => key === 'gitea-7';
  const all = await decodeAll(
    [
      '{"type":"trigger","key":"gitea-7","pr":"seven"}',
      '{"type":"trigger","key":"gitea-8"}',
      '{"type":"x","key":"gitea-7"}',
      `{"type":"trigger","key":"gitea-8","a":${'['.repeat(deepest)}${']'.repeat(deepest)}}`,
      '{"type":"trigger","key":"gitea-7"',
      encodeLine(triggerExample),
    ].join('\n'),
    { fill, isSettled },
  );
  t.match(all, [
    { kind: 'settled', record: { type: 'trigger', key: 'gitea-7', pr: 'seven' } },
    { kind: 'bad', record: { message: /^line 2 is no valid trigger/ } },
    { kind: 'foreign', record: { type: 'x', key: 'gitea-7' } },
    { kind: 'bad', record: { message: /^line 4 is nested more/ } },
    { kind: 'bad', record: { message: /^line 5 is not JSON/ } },
    { kind: 'record', record: { ...triggerExample, filled: true } },
  ]);
  t.notOk('filled' in (all[0]?.record ?? {}));
});

async function batchesOf(
  chunks: readonly string[],
  options: Partial<DecodeOptions> = {},
): Promise<Incoming[][]> {
  const bytes = feed(chunks.map((chunk) => Buffer.from(chunk)));
  const batches: Incoming[][] = [];
  for await (const batch of decodeBatches(bytes, { ...stamping, ...options })) batches.push([...batch]);
  return batches;
}

t.test('batches: the lines that a chunk completes come together', async (t) => {
  const x = (id: number) => `{"type":"x","id":${id}}\n`;
  const chunks = [
    x(1) + x(2) + x(3).slice(0, 5),
    x(3).slice(5) + x(4),
    ' \n\n',
    x(5).slice(0, 9),
    x(5).slice(9),
  ];
  const shown = (await batchesOf(chunks)).map((batch) => batch.map(({ record }) => (record as AnyRecord).id));
  t.same(shown, [[1, 2], [3, 4], [5]]);
});

t.test('batches: one that waits to be filled in keeps its place', async (t) => {
  const fill = async (record: AnyRecord) => {
    await new Promise((resolve) => setImmediate(resolve));
    if (record.by === 'nobody') throw new Failure(exitStatus.badInput, 'no-repo', 'no repo');
    return { ...tickExample, ...record };
  };
  const lines = [
    '{"type":"tick","ms":1}',
    '{"type":"x"}',
    '{"type":"tick","by":"nobody"}',
    '{"type":"tick","ms":2}',
  ];
  const [batch, ...rest] = await batchesOf([`${lines.join('\n')}\n`], { fill });
  t.same(rest, []);
  t.match(batch, [
    { kind: 'record', record: { ms: 1, calls: 1 } },
    { kind: 'foreign' },
    { kind: 'bad', record: { message: 'line 3 cannot be used: no repo' } },
    { kind: 'record', record: { ms: 2 } },
  ]);
});

t.test('batches are bounded whatever the chunks are, and hold the same as one by one', async (t) => {
  const line = '{"type":"x","pad":"ü"}\n';
  const count = 20_000;
  const batches = await batchesOf([`${line.repeat(count)}\xff`]);
  t.equal(batches.flat().length, count + 1);
  const longest = Math.max(...batches.map((batch) => batch.length));
  t.ok(longest * Buffer.byteLength(line) <= 2 * 64 * 1024, `${longest} at most`);
});

t.test(
  'a line that is no UTF-8 takes none of its neighbours with it, nor does text beyond ASCII',
  async (t) => {
    const bytes = Buffer.concat([
      Buffer.from('{"type":"x","a":"ü"}\n'),
      Buffer.from([0x22, 0xff, 0x22, 10]),
      Buffer.from('{"type":"x","a":"b"}\n\n{"type":"x","a":"😀'),
      Buffer.from('"}\n'),
    ]);
    const all = await decodeAll(bytes);
    t.match(all, [
      { record: { a: 'ü' } },
      { kind: 'bad', record: { message: 'line 2 is not UTF-8', lineBase64: 'Iv8i' } },
      { record: { a: 'b' } },
      { record: { a: '😀' } },
    ]);
    t.equal(all.length, 4);
  },
);

t.test('any chunking of the bytes gives the same result', async (t) => {
  const samples = [
    encodeLine(tickExample),
    '{"type":"x","ü":"😀"}\n',
    'hello ü\r\n',
    '\n',
    'null\n',
    '[1]\n',
    '{"type":"y"',
  ];
  const line = fc.oneof(
    fc.constantFrom(...samples).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 6 }).map((bytes) => Buffer.from(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 8 }), fc.array(fc.nat(400)), async (lines, cuts) => {
      const bytes = Buffer.concat(lines);
      const borders = [
        0,
        ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b),
        bytes.length,
      ];
      const chunks = borders.slice(1).map((end, index) => bytes.subarray(borders[index], end));
      const whole = await decodeAll(bytes);
      assert.deepEqual(await decodeAll(chunks), whole);
      const batches: Incoming[] = [];
      for await (const batch of decodeBatches(feed(chunks), stamping)) batches.push(...batch);
      assert.deepEqual(batches, whole);
    }),
    { numRuns: 200 },
  );
  t.pass('200 inputs');
});
