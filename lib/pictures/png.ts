import { decode, encode } from 'fast-png';
import { unpackPng } from './chunks.ts';

/** Pixels of an opaque picture, three bytes for each. */
export type Picture = { readonly width: number; readonly height: number; readonly rgb: Uint8Array };

/**
 * The pixels of a PNG that may be anything; what is transparent lies on white. An error says why it is none of ours
 * (`unpackPng`).
 */
export function decodePng(bytes: Uint8Array): Picture {
  const { width, height, channels, bare } = unpackPng(bytes);
  const { data } = decode(bare);
  if (data.length !== width * height * channels) throw new Error('its pixels cannot be read');
  return { width, height, rgb: channels === 3 ? Uint8Array.from(data) : onWhite(data) };
}

/** A PNG with nothing in it but these pixels. */
export function encodePng({ width, height, rgb }: Picture): Uint8Array {
  return encode({ width, height, data: rgb, channels: 3, depth: 8 }, { zlib: { level: 6 } });
}

/** Decodes and encodes again: what comes out was written by us (security.md, row confused reporter). */
export function cleanPng(bytes: Uint8Array): Uint8Array {
  return encodePng(decodePng(bytes));
}

function onWhite(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = (rgba[from + 3] ?? 0) / 255;
    for (let channel = 0; channel < 3; channel += 1)
      rgb[to + channel] = Math.round((rgba[from + channel] ?? 0) * alpha + 255 * (1 - alpha));
  }
  return rgb;
}
