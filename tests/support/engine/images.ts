import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Box } from './box.ts';
import { callEngine } from './call.ts';

const run = promisify(execFile);

/**
 * The images that a box has: a static busybox with all its commands, `sh` among them, user root.
 * Without a command of its own it serves `/www` on port 80; `/www/index.html` is `web <version>`, and so is
 * `/etc/image`. It stops at once (SIGKILL: busybox's httpd ignores SIGTERM as process 1).
 */
export const images = ['lab.invalid/web:1', 'lab.invalid/web:2', 'lab.invalid/web:3'] as const;

const config = {
  Cmd: ['httpd', '-f', '-p', '80', '-h', '/www'],
  Env: ['PATH=/bin'],
  ExposedPorts: { '80/tcp': {} },
  StopSignal: 'SIGKILL',
};

/** Makes the images in the box's engine, without any registry, in a few tenths of a second. */
export async function importImages(box: Pick<Box, 'socket'>): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'ccci-image-'));
  try {
    const archive = await makeArchive(scratch);
    const answer = await callEngine(box.socket, 'POST', '/images/load?quiet=1', createReadStream(archive));
    // The engine answers 200 at once and tells of errors in the stream.
    if (answer.includes('"error"')) throw new Error(`engine: loading the images: ${answer.trim()}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** The archive of `docker save`: layers, a configuration for each image, and a manifest that names them. */
async function makeArchive(scratch: string): Promise<string> {
  const content = join(scratch, 'content');
  await mkdir(content);
  await makeTree(join(scratch, 'base'));
  const base = await makeLayer(join(scratch, 'base'), content, 'base.tar');
  const manifest = [];
  for (const image of images) {
    const version = image.split(':')[1]!;
    const tree = join(scratch, version);
    await writeVersion(tree, version);
    const own = await makeLayer(tree, content, `${version}.tar`);
    const text = JSON.stringify({
      architecture: architectures[process.arch] ?? process.arch,
      os: 'linux',
      created: '2024-01-01T00:00:00Z',
      config,
      rootfs: { type: 'layers', diff_ids: [base, own] },
    });
    await writeFile(join(content, `${version}.json`), text);
    manifest.push({ Config: `${version}.json`, RepoTags: [image], Layers: ['base.tar', `${version}.tar`] });
  }
  await writeFile(join(content, 'manifest.json'), JSON.stringify(manifest));
  await archiveFolder(content, join(scratch, 'images.tar'));
  return join(scratch, 'images.tar');
}

const architectures: Readonly<Record<string, string>> = { x64: 'amd64' };

/** Packs a tree as a layer and returns its digest. */
async function makeLayer(tree: string, content: string, name: string): Promise<string> {
  const file = join(content, name);
  await archiveFolder(tree, file);
  return `sha256:${createHash('sha256')
    .update(await readFile(file))
    .digest('hex')}`;
}

async function archiveFolder(folder: string, file: string): Promise<void> {
  const same = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner'];
  await run('tar', ['-C', folder, ...same, '-cf', file, '.'], { timeout: 120_000 });
}

async function writeVersion(tree: string, version: string): Promise<void> {
  for (const file of ['www/index.html', 'etc/image']) {
    await mkdir(join(tree, dirname(file)), { recursive: true });
    await writeFile(join(tree, file), `web ${version}\n`);
  }
}

async function makeTree(tree: string): Promise<void> {
  for (const folder of ['bin', 'etc', 'proc', 'root', 'sys', 'tmp', 'var', 'www']) {
    await mkdir(join(tree, folder), { recursive: true });
  }
  await chmod(join(tree, 'tmp'), 0o1777);
  await writeFile(
    join(tree, 'etc', 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
  );
  await writeFile(join(tree, 'etc', 'group'), 'root:x:0:\nnogroup:x:65534:\n');
  const busybox = join(tree, 'bin', 'busybox');
  await copyFile(await findBusybox(), busybox);
  await chmod(busybox, 0o755);
  const { stdout } = await run(busybox, ['--list'], { timeout: 60_000 });
  const names = stdout.split('\n').filter((name) => name && name !== 'busybox');
  await Promise.all(names.map((name) => symlink('busybox', join(tree, 'bin', name))));
}

async function findBusybox(): Promise<string> {
  const folders = `${process.env.PATH}${delimiter}/usr/sbin${delimiter}/sbin`;
  const { stdout } = await run('sh', ['-c', 'command -v busybox'], {
    env: { PATH: folders },
    timeout: 60_000,
  });
  return stdout.trim();
}
