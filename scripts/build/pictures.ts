import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { fillFolder } from './folder.ts';

/**
 * Fills `dist/pictures`, what the programs draw and take pictures with: the thread that turns SVG into PNG with its
 * library and fonts, and, in a folder that is shown to the sandbox, what drives Chromium there.
 */
export async function buildPictures(root: string, dist: string): Promise<void> {
  const require = createRequire(join(root, 'lib', 'package.json'));
  const fonts = dirname(require.resolve('dejavu-fonts-ttf/package.json'));
  const wasm = require.resolve('@resvg/resvg-wasm/index_bg.wasm');
  const render = await bundleModule(join(root, 'lib', 'pictures', 'render.ts'));
  const files = new Map<string, string | Uint8Array>([
    ['render.mjs', render],
    ['resvg.wasm', await readFile(wasm)],
  ]);
  for (const name of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'])
    files.set(name, await readFile(join(fonts, 'ttf', name)));
  files.set('DejaVu-LICENSE', await readFile(join(fonts, 'LICENSE')));
  await mkdir(dist, { recursive: true });
  await fillFolder(join(dist, 'pictures'), files, 0o644);
  const shoot = await bundleModule(join(root, 'lib', 'browser', 'shoot.ts'));
  await fillFolder(join(dist, 'browser'), new Map([['shoot.mjs', shoot]]), 0o644);
}

async function bundleModule(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['playwright-core'],
    minifySyntax: true,
    write: false,
    logLevel: 'warning',
  });
  return outputFiles[0]!.text;
}
