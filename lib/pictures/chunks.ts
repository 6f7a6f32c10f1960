import { crc32, inflateSync } from 'node:zlib';

/** What a PNG says of itself, and its lines as they were before they were compressed. */
export type Unpacked = {
  readonly width: number;
  readonly height: number;
  /** 3 or 4 bytes for each pixel. */
  readonly channels: 3 | 4;
  /** The picture again, with nothing in it but header and pixels. */
  readonly bare: Uint8Array;
};

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Most that is looked at; a screen full of noise takes 4 MiB. */
export const pictureLimits = { bytes: 8 * 1024 * 1024, pixels: 2 * 1024 * 1024 } as const;

/**
 * Takes a PNG apart without trusting it: the size of the file, and the size that its header claims, are judged before
 * anything is decompressed, and decompressing ends where the header's size does. Of the kinds that PNG knows only those
 * are taken that our own programs write: 8 bits a channel, RGB or RGBA, not interlaced. What else is in the file (text,
 * profiles, what is appended) is left out. An error says what is wrong.
 */
export function unpackPng(bytes: Uint8Array): Unpacked {
  if (bytes.length > pictureLimits.bytes)
    throw new Error(`it has ${bytes.length} bytes, ${pictureLimits.bytes} are allowed`);
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!file.subarray(0, 8).equals(signature)) throw new Error('it is no PNG');
  const { header, data } = readChunks(file);
  const { width, height, channels } = readHeader(header);
  const size = height * (1 + width * channels);
  const packed = Buffer.concat(data);
  if (inflate(packed, size).length !== size) throw new Error(`its pixels do not fill ${width} by ${height}`);
  const end = Buffer.alloc(0);
  const bare = [signature, chunk('IHDR', header), chunk('IDAT', packed), chunk('IEND', end)];
  return { width, height, channels, bare: Buffer.concat(bare) };
}

function readChunks(file: Buffer): { readonly header: Buffer; readonly data: readonly Buffer[] } {
  let header: Buffer | null = null;
  const data: Buffer[] = [];
  for (let at = signature.length; ; ) {
    if (at + 12 > file.length) throw new Error('it ends too early');
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    if (at + 12 + length > file.length) throw new Error('it ends too early');
    const content = file.subarray(at + 8, at + 8 + length);
    if (header === null && type !== 'IHDR') throw new Error('it has no header');
    if (type === 'IHDR') header = content;
    if (type === 'IDAT') data.push(content);
    if (type === 'IEND' && header !== null) return { header, data };
    at += 12 + length;
  }
}

function readHeader(header: Buffer): { width: number; height: number; channels: 3 | 4 } {
  if (header.length !== 13) throw new Error('its header has another length');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (width === 0 || height === 0 || width * height > pictureLimits.pixels)
    throw new Error(`it claims ${width} by ${height}, ${pictureLimits.pixels} pixels are allowed`);
  const [depth, kind, compression, filter, interlace] = header.subarray(8);
  const isOurs = depth === 8 && (kind === 2 || kind === 6);
  if (!isOurs || compression !== 0 || filter !== 0 || interlace !== 0)
    throw new Error('it is of another kind than 8-bit RGB or RGBA without interlacing');
  return { width, height, channels: kind === 2 ? 3 : 4 };
}

function inflate(packed: Buffer, size: number): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength: size });
  } catch (error) {
    throw new Error('its pixels cannot be decompressed, or there are too many of them', { cause: error });
  }
}

function chunk(type: string, content: Buffer): Buffer {
  const framed = Buffer.alloc(12 + content.length);
  framed.writeUInt32BE(content.length, 0);
  framed.write(type, 4, 'latin1');
  content.copy(framed, 8);
  framed.writeUInt32BE(crc32(framed.subarray(4, 8 + content.length)), 8 + content.length);
  return framed;
}
