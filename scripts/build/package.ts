import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fastGlob from 'fast-glob';

/** What lies in `dist` and is not the product: what the demo leaves, and packages. */
const leftOut = /^\.|^demo$|\.tgz$|^package\.json$/;

/**
 * Makes `ccci-<version>.tgz` of what was built: the programs, and all that they find beside themselves. Not by
 * `npm pack`, which leaves every folder named node_modules out, and the helpers for tests live in one. The same files
 * give the same bytes.
 */
export async function packageDist(root: string, dist: string): Promise<string> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Manifest;
  const scratch = await mkdtemp(join(dist, '.package-'));
  try {
    const into = join(scratch, 'package');
    await cp(join(dist, 'bin'), join(into, 'bin'), { recursive: true });
    for (const name of (await readdir(dist)).filter((one) => one !== 'bin' && !leftOut.test(one))) {
      await cp(join(dist, name), join(into, name), { recursive: true });
    }
    for (const name of ['README.md', 'LICENSE']) await cp(join(root, name), join(into, name));
    const programs = (await readdir(join(dist, 'bin'))).sort();
    const manual = (await fastGlob('share/man/*/*', { cwd: dist })).sort();
    await writeFile(
      join(into, 'package.json'),
      `${JSON.stringify(describe(manifest, programs, manual), undefined, 2)}\n`,
    );
    const made = join(scratch, 'made.tgz');
    await promisify(execFile)('tar', [
      ...sameBytes,
      '--use-compress-program',
      'gzip -n',
      '-cf',
      made,
      '-C',
      scratch,
      'package',
    ]);
    const file = join(dist, `ccci-${manifest.version}.tgz`);
    await rename(made, file);
    return file;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Manifest = Readonly<Record<'name' | 'version' | 'description' | 'license', string>> & {
  readonly engines: Readonly<Record<string, string>>;
};

const sameBytes = [
  '--sort=name',
  '--owner=0',
  '--group=0',
  '--numeric-owner',
  '--mtime=@0',
  '--mode=u+w,go+r-w',
];

/** The programs are CommonJS (build/pack.ts), and need nothing but Node. npm links the pages to where `man` looks. */
function describe(
  { name, version, description, license, engines }: Manifest,
  programs: readonly string[],
  man: readonly string[],
): object {
  const bin = Object.fromEntries(programs.map((program) => [program, `bin/${program}`]));
  return { name, version, description, license, type: 'commonjs', engines, bin, man };
}
