import { crc32, deflateSync } from 'node:zlib';
import { pictureLimits } from '@ccci/lib/pictures/chunks.ts';
import { inkOf, isBlank } from '@ccci/lib/pictures/ink.ts';
import { cleanPng, decodePng, encodePng, type Picture } from '@ccci/lib/pictures/png.ts';
import { encode } from 'fast-png';
import t from 'tap';

const signature = Buffer.from('89504e470d0a1a0a', 'hex');

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function header(width: number, height: number, rest = [8, 2, 0, 0, 0]): Buffer {
  const content = Buffer.alloc(13);
  content.writeUInt32BE(width, 0);
  content.writeUInt32BE(height, 4);
  Buffer.from(rest).copy(content, 8);
  return chunk('IHDR', content);
}

const end = chunk('IEND', Buffer.alloc(0));

function png(head: Buffer, lines: Uint8Array, extra: readonly Buffer[] = []): Buffer {
  return Buffer.concat([signature, head, ...extra, chunk('IDAT', deflateSync(lines)), end]);
}

/** Two by two: no filter, three bytes a pixel. */
const small = Buffer.from([0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12]);
const pixels = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);

t.test('a picture comes out as it went in, without anything else that was in its file', async (t) => {
  const profile = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(1000))]));
  const text = chunk('tEXt', Buffer.from('Comment\0hidden words'));
  const file = Buffer.concat([png(header(2, 2), small, [profile, text]), Buffer.from('<?php appended ?>')]);
  const cleaned = Buffer.from(cleanPng(file));
  t.same(decodePng(cleaned), { width: 2, height: 2, rgb: Uint8Array.from(pixels) });
  for (const words of ['hidden words', 'appended', 'tEXt', 'iCCP']) t.notOk(cleaned.includes(words), words);
  t.ok(cleaned.subarray(-12).equals(end), 'nothing is behind its end');
});

t.test('what is transparent lies on white', async (t) => {
  const data = Uint8Array.from([10, 20, 30, 255, 10, 20, 30, 0]);
  const { rgb } = decodePng(encode({ width: 2, height: 1, data, channels: 4, depth: 8 }));
  t.same([...rgb], [10, 20, 30, 255, 255, 255]);
});

t.test('what is none of ours is refused, and before it takes memory', async (t) => {
  const bomb = png(header(2, 2), Buffer.alloc(50_000_000));
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['no PNG', Buffer.from('GIF89a, and more words'), /no PNG/],
    ['too large a file', Buffer.alloc(pictureLimits.bytes + 1), /bytes, \d+ are allowed/],
    ['a huge header', png(header(60_000, 60_000), small), /claims 60000 by 60000/],
    ['a width without height', png(header(2, 0), small), /claims 2 by 0/],
    ['a decompression bomb', bomb, /too many/],
    ['too few pixels', png(header(2, 3), small), /do not fill/],
    ['interlaced', png(header(2, 2, [8, 2, 0, 0, 1]), small), /another kind/],
    ['a palette', png(header(2, 2, [8, 3, 0, 0, 0]), small), /another kind/],
    ['16 bits', png(header(2, 2, [16, 2, 0, 0, 0]), small), /another kind/],
    ['no header', Buffer.concat([signature, end]), /no header/],
    ['cut off', png(header(2, 2), small).subarray(0, 50), /too early/],
    [
      'a chunk that claims more than there is',
      Buffer.concat([signature, Buffer.from('7fffffff49484452', 'hex'), Buffer.alloc(20)]),
      /too early/,
    ],
  ];
  for (const [name, bytes, words] of cases) {
    t.throws(() => cleanPng(bytes), { message: words }, name);
    if (bytes === bomb) t.ok(bomb.length < 100_000, 'the bomb is small');
  }
});

t.test('L56 a blank page is told from one with a word on it', async (t) => {
  const paper = (ink: number): Picture => {
    const rgb = new Uint8Array(1280 * 800 * 3).fill(250);
    rgb.fill(0, 0, ink * 3);
    return { width: 1280, height: 800, rgb };
  };
  t.ok(isBlank(inkOf(paper(0))));
  t.ok(isBlank(inkOf(paper(20))), 'a few dots');
  t.notOk(isBlank(inkOf(paper(500))), 'a word');
  t.ok(inkOf(paper(1000)) > inkOf(paper(500)));
  const nearly = paper(0);
  for (let at = 0; at < nearly.rgb.length; at += 7) nearly.rgb[at] = 252;
  t.ok(isBlank(inkOf(nearly)), 'colours that nobody tells apart');
  t.ok(Buffer.from(decodePng(encodePng(paper(500))).rgb).equals(paper(500).rgb), 'nothing is lost');
});
