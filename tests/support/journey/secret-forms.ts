import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, inflateSync } from 'node:zlib';

/** Forms in which a secret may stand somewhere, written without a look at what ccci masks. */
export function formsOf(secret: string): ReadonlyMap<string, string> {
  const base64 = (text: string, cut = 0) =>
    Buffer.from(text).toString('base64').replace(/=+$/, '').slice(cut, -1);
  const url = (text: string) => text.replaceAll('+', '-').replaceAll('/', '_');
  // A front of one or two bytes puts what follows at each of the three places that Base64 has.
  const encoded = [base64(secret), base64(`x${secret}`, 2), base64(`xy${secret}`, 3)];
  const json = JSON.stringify(secret).slice(1, -1);
  return new Map([
    ['plain', secret],
    ...encoded.flatMap((one, index) => [
      [`base64 ${index}`, one] as const,
      [`base64url ${index}`, url(one)] as const,
    ]),
    ['URL', encodeURIComponent(secret)],
    [
      'every byte of a URL',
      [...Buffer.from(secret)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    ],
    ['JSON', json],
    ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
    ['shell', secret.replaceAll("'", "'\\''")],
    [
      'HTML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&#39;'),
    ],
    [
      'XML',
      secret
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;')
        .replaceAll("'", '&apos;'),
    ],
    // What is left when a form is masked only in part: no third of a secret may stay.
    ['its begin', secret.slice(0, Math.max(10, Math.ceil(secret.length / 3)))],
    ['its end', secret.slice(-Math.max(10, Math.ceil(secret.length / 3)))],
  ]);
}

/** Which forms of which secrets a text holds: `3 in plain`. */
export function findSecrets(bytes: Buffer, secrets: readonly string[]): string[] {
  return secrets.flatMap((secret, index) =>
    [...formsOf(secret)].flatMap(([name, form]) =>
      bytes.includes(form) ? [`secret ${index} (${secret}) in ${name}: ${around(bytes, form)}`] : [],
    ),
  );
}

/** What stands beside it: by that it is found where it came from. */
function around(bytes: Buffer, form: string): string {
  const at = bytes.indexOf(form);
  return bytes.subarray(Math.max(0, at - 60), at + form.length + 60).toString();
}

/** All that stands in the files below a folder, by path, their names too; packed files and chunks of pictures unpacked. */
export function readEverything(dir: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(dir, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const names = Buffer.from(entries.map((entry) => join(entry.parentPath, entry.name)).join('\n'));
  return new Map([
    ['names of files', names],
    ...files.map((path) => [path, unpacked(readFileSync(path))] as const),
  ]);
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return Buffer.concat([bytes, gunzipSync(bytes)]);
  if (bytes.subarray(1, 4).toString('latin1') !== 'PNG') return bytes;
  return Buffer.concat([bytes, ...pngTexts(bytes)]);
}

/** Text chunks, the packed ones too: https://www.w3.org/TR/png-3/#11textinfo */
function pngTexts(bytes: Buffer): Buffer[] {
  const texts: Buffer[] = [];
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.subarray(at + 4, at + 8).toString('latin1');
    const data = bytes.subarray(at + 8, at + 8 + length);
    // Behind keyword and method; of what is not packed this fails, and it is looked at as it is.
    if (['zTXt', 'iTXt', 'iCCP'].includes(type)) {
      for (let start = data.indexOf(0) + 1; start < data.length; start += 1) {
        if (data[start] === 0x78) texts.push(tryInflate(data.subarray(start)));
      }
    }
    at += 12 + length;
  }
  return texts;
}

function tryInflate(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes);
  } catch {
    return bytes;
  }
}
