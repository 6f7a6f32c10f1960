import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { build, type Metafile, type OutputFile, type Plugin, transform } from 'esbuild';

export type Module = {
  /** `./main.js` is the first. */
  readonly name: string;
  /** CommonJS. */
  readonly text: string;
  /** Loaded as soon as the program starts. */
  readonly isEarly: boolean;
};
/** The modules of one program, ready for `pack`. */
export type Modules = readonly Module[];

const target = 'node20';
// What is parsed at start-up costs time; names stay as they are, for stack traces.
const small = {
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  charset: 'ascii',
  logLevel: 'warning',
} as const;

/**
 * Bundles a program with all its libraries and splits it at its dynamic imports, so that what is loaded late is also
 * parsed late. esbuild splits ES modules only, so each part becomes CommonJS in a second step.
 */
export async function bundle(entry: string, version: string): Promise<Modules> {
  const { outputFiles, metafile } = await build({
    ...small,
    entryPoints: { main: entry },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target,
    write: false,
    metafile: true,
    // What esbuild says of a source's place, it says from here: the same sources give the same bytes in any clone.
    absWorkingDir: dirname(entry),
    outdir: dirname(entry),
    chunkNames: '[name]-[hash]',
    define: { CCCI_VERSION: JSON.stringify(version), 'import.meta.url': 'importMetaUrl' },
    plugins: [englishOnly, asCommonJs(entry)],
  });
  const early = earlyNames(metafile);
  const modules = await Promise.all(outputFiles.map((file) => toCommonJs(file, early)));
  return modules.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function toCommonJs(file: OutputFile, early: ReadonlySet<string>): Promise<Module> {
  const name = `./${basename(file.path)}`;
  const supported = { 'dynamic-import': false };
  const { code } = await transform(file.text, {
    ...small,
    format: 'cjs',
    platform: 'node',
    target,
    supported,
  });
  return { name, text: code, isEarly: early.has(name) };
}

/** The first module and all that it imports statically, directly or not. */
function earlyNames({ outputs }: Metafile): Set<string> {
  const found = new Set(['main.js']);
  for (const path of found) {
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) found.add(imported);
    }
  }
  return new Set([...found].map((path) => `./${path}`));
}

/** zod brings its messages in some fifty languages, a third of every program; ours are English. */
const englishOnly: Plugin = {
  name: 'english-only',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/**
 * CommonJS has no `await` outside functions. A program's `main.ts` awaits `runProgram` as its last statement; as nothing
 * comes after it, and it never rejects, not to wait for it is the same. The `#!` line is the pack's.
 */
function asCommonJs(entry: string): Plugin {
  return {
    name: 'as-common-js',
    setup({ onLoad }) {
      onLoad({ filter: /[\\/]main\.ts$/ }, async ({ path }) => {
        if (path !== entry) return undefined;
        const text = await readFile(path, 'utf8');
        const contents = text.replace(/^#!.*/, '').replace(/^await (?=runProgram\()/m, 'void ');
        return { contents, loader: 'ts' };
      });
    },
  };
}
