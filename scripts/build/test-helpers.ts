import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { fillFolder } from './folder.ts';

/**
 * Fills `dist/test`, what the programs show to tests: `node_modules` with `@ccci/test` (JavaScript, because Node takes
 * no types off what lies in node_modules) and playwright-core as it is, `python` with the plugin of pytest.
 */
export async function buildTestHelpers(root: string, dist: string): Promise<void> {
  const source = join(root, 'lib', 'test-helper');
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const modules = join(dist, 'test', 'node_modules');
  await mkdir(join(modules, '@ccci'), { recursive: true });
  await fillFolder(join(modules, '@ccci', 'test'), await renderPackage(source, version), 0o644);
  const plugin = await readFile(join(source, 'python', 'ccci_pytest.py'), 'utf8');
  await fillFolder(join(dist, 'test', 'python'), new Map([['ccci_pytest.py', plugin]]), 0o644);
  await copyPlaywright(root, modules);
}

async function renderPackage(source: string, version: string): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: [join(source, 'index.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['playwright-core'],
    write: false,
    logLevel: 'warning',
  });
  const types = await readFile(join(source, 'types.ts'), 'utf8');
  const manifest = { name: '@ccci/test', version, type: 'module', license: 'GPL-3.0-or-later' };
  const exported = { exports: { types: './index.d.ts', default: './index.js' }, types: './index.d.ts' };
  return new Map([
    ['index.js', outputFiles[0]!.text],
    ['index.d.ts', `${types}\nexport declare const app: App;\n`],
    ['package.json', `${JSON.stringify({ ...manifest, ...exported }, undefined, 2)}\n`],
  ]);
}

/** What only its own command line and trace viewer need stays behind. */
const leftBehind = /[\\/]lib[\\/](vite|tools)$|[\\/]bin$/;

async function copyPlaywright(root: string, modules: string): Promise<void> {
  const require = createRequire(join(root, 'lib', 'package.json'));
  const from = dirname(require.resolve('playwright-core/package.json'));
  const into = join(modules, 'playwright-core');
  const [wanted, present] = await Promise.all([from, into].map(versionOf));
  if (wanted === present) return;
  const scratch = await mkdtemp(join(dirname(modules), '.new-'));
  try {
    await cp(from, join(scratch, 'new'), { recursive: true, filter: (path) => !leftBehind.test(path) });
    await rename(into, join(scratch, 'old')).catch(() => {});
    await rename(join(scratch, 'new'), into).catch(async (error) => {
      // Another build was first.
      if ((await versionOf(into)) !== wanted) throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function versionOf(folder: string): Promise<string | null> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as { version: string }).version;
}
