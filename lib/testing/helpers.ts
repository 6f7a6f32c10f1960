import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What ccci ships for authors of tests, as folders of this machine. */
export type Helpers = {
  /** `@ccci/test` and playwright-core, for Node. */
  readonly modules: string;
  /** The plugin of pytest. */
  readonly python: string;
};

/** Where they are inside: Node looks there for what a file below `/tests` imports. */
export const modulesInside = '/node_modules';
export const pythonInside = '/opt/ccci/python';

/** Beside the built programs (`dist/bin`), and for the code itself where a build has been made. */
const places = ['../test/', '../../dist/test/'];

/** Finds them beside this program; null where it was copied without them, then tests do without. */
export async function findHelpers(): Promise<Helpers | null> {
  for (const place of places) {
    const folder = fileURLToPath(new URL(place, import.meta.url));
    const helpers = { modules: join(folder, 'node_modules'), python: join(folder, 'python') };
    const isThere = await access(join(helpers.modules, '@ccci', 'test', 'package.json')).then(
      () => true,
      () => false,
    );
    if (isThere) return helpers;
  }
  return null;
}
