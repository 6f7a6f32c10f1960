import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle } from '../../../scripts/build/bundle.ts';
import { fillFolder } from '../../../scripts/build/folder.ts';
import { pack } from '../../../scripts/build/pack.ts';

/** Builds the quick stage as `ccci-stage` into a folder of its own, which then comes before `dist/bin` on PATH. */
export async function buildQuickStage(folder: string): Promise<string> {
  const bin = join(folder, 'bin');
  await mkdir(folder, { recursive: true });
  // The repository is `"type": "module"`; programs are CommonJS (scripts/build/pack.ts).
  await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }\n');
  const program = pack(await bundle(join(import.meta.dirname, 'main.ts'), '0.0.0'));
  await fillFolder(bin, new Map([['ccci-stage', program]]), 0o755);
  return bin;
}
