import { join } from 'node:path';
import { build } from 'esbuild';
import { fillFolder } from './folder.ts';

/** Fills `dist/site`: what the pages load besides themselves; ccci-report puts it into `assets/` beside them. */
export async function buildSite(root: string, dist: string): Promise<void> {
  const { outputFiles } = await build({
    entryPoints: { run: join(root, 'lib', 'pages', 'client', 'run.ts') },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome109', 'firefox115', 'safari16'],
    charset: 'ascii',
    legalComments: 'none',
    write: false,
    outdir: join(dist, 'site'),
    tsconfigRaw: {},
    logLevel: 'warning',
  });
  await fillFolder(join(dist, 'site'), new Map([['run.js', outputFiles[0]!.text]]), 0o644);
}
