import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseStack, type Stack } from '@ccci/lib/recipe/compose.ts';
import { execa } from 'execa';

export type RenderInput = {
  /** File name to content; those that are YAML are compose files, in order. */
  readonly files: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
};

/** What the real `docker stack config` prints for these files; it needs no engine. */
export async function renderText({ files, env = {} }: RenderInput): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'ccci-render-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
    const compose = Object.keys(files).filter((name) => name.endsWith('.yml'));
    const { stdout } = await execa(
      'docker',
      ['stack', 'config', ...compose.flatMap((name) => ['-c', name])],
      {
        cwd: dir,
        env: { PATH: process.env.PATH, ...env },
        extendEnv: false,
        detached: true,
        timeout: 60_000,
      },
    );
    return stdout.replaceAll(dir, '/checkout');
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The same, parsed. */
export async function render(input: RenderInput): Promise<Stack> {
  return parseStack(await renderText(input));
}
