import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import { bundle } from './build/bundle.ts';
import { buildCompletions } from './build/completions.ts';
import { fillFolder } from './build/folder.ts';
import { readHostFiles } from './build/host.ts';
import { buildManual } from './build/manual.ts';
import { pack } from './build/pack.ts';
import { buildPictures } from './build/pictures.ts';
import { renderSchemas } from './build/schemas.ts';
import { buildSite } from './build/site.ts';
import { buildTestHelpers } from './build/test-helpers.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

try {
  await buildAll();
} catch (error) {
  // esbuild has printed what is wrong with the sources.
  if (!Array.isArray((error as { errors?: unknown }).errors)) throw error;
  process.stderr.write('build: failed, dist/ is left as it was\n');
  process.exitCode = 1;
}

async function buildAll(): Promise<void> {
  const startedAt = performance.now();
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const programs = await renderPrograms(version);
  const schemas = renderSchemas();
  await mkdir(dist, { recursive: true });
  // The repository is `"type": "module"`; the programs are CommonJS, see build/pack.ts.
  await writeFile(join(dist, 'package.json'), '{ "type": "commonjs" }\n');
  await fillFolder(join(dist, 'bin'), programs, 0o755);
  await fillFolder(join(dist, 'schema'), schemas, 0o644);
  await fillFolder(join(dist, 'host'), await readHostFiles(root), 0o755);
  await buildTestHelpers(root, dist);
  await buildPictures(root, dist);
  await buildSite(root, dist);
  const pages = await buildManual(root, dist, version);
  await buildCompletions(root, dist);
  const ms = Math.round(performance.now() - startedAt);
  const made = `${programs.size} programs, ${schemas.size} schemas, ${pages} pages of the manual`;
  process.stderr.write(`build: ${made} in dist/ (${ms} ms)\n`);
}

/** Every tool that has a `main.ts`, as one executable file. */
async function renderPrograms(version: string): Promise<Map<string, string>> {
  const entries = (await fastGlob('tools/*/main.ts', { cwd: root })).sort();
  const render = async (entry: string): Promise<[string, string]> => [
    nameOf(entry.split('/')[1] as string),
    pack(await bundle(join(root, entry), version)),
  ];
  return new Map(await Promise.all(entries.map(render)));
}

/** The front door is `ccci` alone. */
function nameOf(tool: string): string {
  return tool === 'ccci' ? tool : `ccci-${tool}`;
}
