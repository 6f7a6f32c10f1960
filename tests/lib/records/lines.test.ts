import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { keptLimit, type Line, lineLimit, splitBlocks, splitLines } from '@ccci/lib/records/lines.ts';
import fc from 'fast-check';
import t from 'tap';

type Simple = { readonly number: number; readonly text: string } | { readonly size: number };

async function linesOf(chunks: Iterable<Uint8Array>): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const line of splitLines(feed(chunks))) lines.push(line);
  return lines;
}

async function* feed(chunks: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

function simple(line: Line): Simple {
  return line.ok ? { number: line.number, text: line.bytes.toString('latin1') } : { size: line.size };
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  const count = Math.ceil(bytes.length / size);
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

t.test('lines', async (t) => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['\n\n', ['', '']],
    ['a\r\nb', ['a\r', 'b']],
    ['a\n\nb\n', ['a', '', 'b']],
  ];
  for (const [input, expected] of cases) {
    const lines = await linesOf([Buffer.from(input)]);
    t.same(
      lines.map(simple),
      expected.map((text, index) => ({ number: index + 1, text })),
      JSON.stringify(input),
    );
  }
});

t.test('the limit', async (t) => {
  for (const chunk of [1000, 65_536, 4 * lineLimit]) {
    const input = `${'a'.repeat(lineLimit)}\n${'b'.repeat(lineLimit + 1)}\nc\n${'d'.repeat(3 * lineLimit)}`;
    const [a, b, c, d] = await linesOf(pieces(Buffer.from(input), chunk));
    t.ok(a?.ok && a.bytes.length === lineLimit, 'a line at the limit');
    t.ok(
      b?.ok === false && b.number === 2 && b.size === lineLimit + 1 && b.kept.length === keptLimit,
      'above',
    );
    t.ok(c?.ok && c.number === 3, 'the next line is whole');
    t.ok(d?.ok === false && d.number === 4 && d.size === 3 * lineLimit, 'a long last line');
    const sha256 = createHash('sha256')
      .update('d'.repeat(3 * lineLimit))
      .digest('hex');
    t.equal(d?.ok === false && d.sha256, sha256, 'the hash is that of the whole line');
    t.ok(d?.ok === false && d.kept.equals(Buffer.alloc(keptLimit, 'd')), 'the first 64 KiB are kept');
  }
});

t.test('blocks are whole lines, of at most a piece of input and what was pending', async (t) => {
  const input = `${'a'.repeat(100)}\n`.repeat(5000);
  for (const size of [7, 1000, 65_536, input.length]) {
    const blocks: Buffer[] = [];
    for await (const block of splitBlocks(feed(pieces(Buffer.from(input), size)))) {
      assert.ok(block.ok);
      blocks.push(Buffer.from(block.bytes));
    }
    t.ok(blocks.every((block) => block.at(-1) === 10 && block.length % 101 === 0));
    t.ok(blocks.every((block) => block.length <= 64 * 1024 + 101));
    t.equal(Buffer.concat(blocks).toString(), input);
  }
});

t.test('a line at the limit that ends in the piece of the next ones', async (t) => {
  for (const over of [0, 1]) {
    const chunks = [Buffer.alloc(lineLimit - 3, 'a'), Buffer.from(`${'a'.repeat(3 + over)}\nb\nc`)];
    const [a, b, c] = await linesOf(chunks);
    t.match(a, { ok: over === 0, number: 1 });
    t.same(
      [b, c].map((line) => line && simple(line)),
      [
        { number: 2, text: 'b' },
        { number: 3, text: 'c' },
      ],
    );
  }
});

t.test('any chunking gives the same lines', async (t) => {
  const text = fc.array(fc.constantFrom(0x61, 10, 13, 0xc3, 0xbc, 0xff), { maxLength: 60 });
  const sizes = fc.array(fc.nat(7), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, sizes, async (codes, lengths) => {
      const bytes = Buffer.from(codes);
      const chunks: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = (lengths[turn % lengths.length] as number) || turn % 2;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const whole = (await linesOf([bytes])).map(simple);
      const cut = (await linesOf(chunks)).map(simple);
      assert.deepEqual(cut, whole);
    }),
    { numRuns: 300 },
  );
  t.pass('300 inputs');
});

t.test('lines do not change when the source uses its memory again', async (t) => {
  const memory = Buffer.alloc(2);
  async function* reusing(): AsyncGenerator<Uint8Array> {
    for (const part of ['ab', 'cd', 'e\n']) {
      memory.write(part);
      yield memory;
    }
  }
  const lines: string[] = [];
  for await (const line of splitLines(reusing())) if (line.ok) lines.push(line.bytes.toString());
  t.same(lines, ['abcde']);
});

t.test('an endless line costs no memory', async (t) => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let highest = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < 4096; index += 1) {
      if (index % 256 === 0) highest = Math.max(highest, process.memoryUsage().arrayBuffers);
      yield chunk;
    }
  }
  const before = process.memoryUsage().arrayBuffers;
  for await (const line of splitLines(endless())) t.same(simple(line), { size: 256 * 1024 * 1024 });
  t.ok(highest - before < 16 * 1024 * 1024, `${highest - before} bytes more for a line of 256 MiB`);
});

t.test('tiny chunks take time in proportion to their number, within a line of any length', async (t) => {
  const byte = new Uint8Array([120]);
  async function* bytes(first: number, count: number): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(first, 'x');
    for (let index = 0; index < count; index += 1) yield byte;
  }
  const measure = async (first: number, count: number) => {
    const startedAt = process.cpuUsage();
    for await (const line of splitLines(bytes(first, count))) t.same(lengthOf(line), first + count);
    const { user, system } = process.cpuUsage(startedAt);
    return Math.round((user + system) / 1000);
  };
  await measure(0, 20_000);
  for (const first of [0, lineLimit / 2, lineLimit]) {
    const few = await measure(first, 20_000);
    const many = await measure(first, 160_000);
    t.ok(many < 24 * few, `behind ${first} bytes, 160,000 chunks: ${many} ms, 20,000 chunks: ${few} ms`);
  }
});

function lengthOf(line: Line): number {
  return line.ok ? line.bytes.length : line.size;
}
