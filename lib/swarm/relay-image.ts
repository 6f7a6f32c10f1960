import { createHash } from 'node:crypto';
import { access, constants, readFile, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import tar from 'tar-stream';
import { exitStatus, Failure } from '../program/failure.ts';
import type { Engine } from './engine.ts';
import { hasImage } from './images.ts';

/** Where programs are looked for besides PATH: a busybox of Debian's is there for root alone on some machines. */
const furtherFolders = ['/usr/sbin', '/sbin', '/usr/bin', '/bin'];
/** What a program that needs libraries begins with somewhere in its head. */
const loaderPattern = /\/ld-(linux|musl)[\w.-]*\.so/;

/**
 * Sees that the engine has an image with nothing but a static busybox, made of this machine's own, and gives its name.
 * `Failure` 69 `no-busybox` where there is none.
 */
export async function ensureRelayImage(
  engine: Engine,
  path: string | undefined = process.env.PATH,
  further: readonly string[] = furtherFolders,
): Promise<string> {
  const program = await findStaticBusybox([...(path ?? '').split(delimiter), ...further]);
  const tag = createHash('sha256').update(program).digest('hex').slice(0, 12);
  const image = `ccci-relay:${tag}`;
  if (await hasImage(engine, image)) return image;
  const query = new URLSearchParams({ fromSrc: '-', repo: 'ccci-relay', tag });
  const said = await engine.stream('POST', `/images/create?${query}`, await imageOf(program));
  const words = (await buffer(said)).toString();
  // The engine answers 200 at once and tells of errors in the stream.
  if (words.includes('"error"')) {
    throw new Failure(exitStatus.unavailable, 'no-relay-image', `the engine refused the relay: ${words}`);
  }
  return image;
}

/** The first busybox that runs without libraries. */
async function findStaticBusybox(folders: readonly string[]): Promise<Buffer> {
  for (const folder of folders.filter((one) => one.startsWith('/'))) {
    const file = join(folder, 'busybox');
    const isProgram = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isProgram) continue;
    const content = await readFile(await realpath(file));
    if (!loaderPattern.test(content.subarray(0, 4096).toString('latin1'))) return content;
  }
  const message = 'there is no static busybox on this machine, by which an app reaches what it needs';
  throw new Failure(exitStatus.unavailable, 'no-busybox', message, { hint: 'install busybox-static' });
}

function imageOf(program: Buffer): Promise<Buffer> {
  const pack = tar.pack();
  pack.entry({ name: 'busybox', mode: 0o755, mtime: new Date(0) }, program);
  pack.finalize();
  return buffer(pack);
}
