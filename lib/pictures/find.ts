import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the built programs (`dist/bin`), and for the code itself where a build has been made. */
const places = ['../pictures/', '../../dist/pictures/'];

/** The folder with what draws pictures (`scripts/build/pictures.ts`); null where a program was copied without it. */
export async function findPictureTools(): Promise<string | null> {
  for (const place of places) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    const isThere = await access(join(folder, 'resvg.wasm')).then(
      () => true,
      () => false,
    );
    if (isThere) return folder;
  }
  return null;
}

/** Why there is no picture where `findPictureTools` finds nothing, and what to do about it. */
export const noPictureTools =
  'the folder pictures/ is not beside the programs: install ccci with it, or run npm run build';
