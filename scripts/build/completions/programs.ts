import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commonFlags } from '@ccci/lib/program/flags.ts';
import type { Program } from '@ccci/lib/program/run.ts';
import { build, type Plugin } from 'esbuild';
import fastGlob from 'fast-glob';
import { commands } from '../../../tools/ccci/commands.ts';

/** What can be typed behind a name. */
export type Words = {
  readonly name: string;
  readonly description: string;
  /** As `lib/program/flags.ts` reads them; the common ones too. */
  readonly flags: Program['flags'];
};

/** What completions are made of: the programs' own definitions, and nothing besides. */
export type CommandLine = {
  /** `ccci-poll` and so on, by name. */
  readonly programs: readonly Words[];
  /** What the front door does itself: `test` and so on. */
  readonly commands: readonly Words[];
};

/** Reads the flags of every program from its `main.ts`. */
export async function readCommandLine(root: string): Promise<CommandLine> {
  const mains = (await fastGlob('tools/*/main.ts', { cwd: root, ignore: ['tools/ccci/**'] })).sort();
  const programs = await Promise.all(mains.map((main) => readProgram(join(root, main))));
  const own = Object.entries(commands).map(([name, command]) => withCommon({ ...command, name }));
  return { programs: programs.map((one) => withCommon({ ...one, name: `ccci-${one.name}` })), commands: own };
}

function withCommon({ name, description, flags }: Words): Words {
  return { name, description, flags: { ...flags, ...commonFlags } };
}

/** A `main.ts` runs its program as soon as it is loaded, so what it would run is taken from it instead. */
async function readProgram(main: string): Promise<Words> {
  const { outputFiles } = await build({
    entryPoints: [main],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    logLevel: 'warning',
    plugins: [definitionOnly(main)],
  });
  const code = Buffer.from(outputFiles[0]!.contents).toString('base64');
  const { program } = (await import(`data:text/javascript;base64,${code}`)) as { program: Words };
  return program;
}

/** Without what is loaded late, which is the program itself. */
function definitionOnly(main: string): Plugin {
  return {
    name: 'definition-only',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /./ }, ({ kind }) => (kind === 'dynamic-import' ? { external: true } : undefined));
      onLoad({ filter: /[\\/]main\.ts$/ }, async ({ path }) => {
        if (path !== main) return undefined;
        const text = await readFile(path, 'utf8');
        const contents = text
          .replace(/^#!.*/, '')
          .replace(/^await runProgram\(/m, 'export const program = (');
        return { contents, loader: 'ts' };
      });
    },
  };
}
