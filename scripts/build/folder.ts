import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Makes a folder hold exactly these files (name to content). Each file is renamed into place, so two builds at a time
 * do not disturb each other, and a program that runs at this moment keeps the file that it started with.
 */
export async function fillFolder(
  folder: string,
  files: Map<string, string | Uint8Array>,
  mode: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const scratch = await mkdtemp(join(dirname(folder), '.new-'));
  try {
    for (const [name, content] of files) {
      await writeFile(join(scratch, name), content);
      await chmod(join(scratch, name), mode);
      await rename(join(scratch, name), join(folder, name));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  const old = (await readdir(folder)).filter((name) => !files.has(name));
  await Promise.all(old.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}
