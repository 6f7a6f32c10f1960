import { build, type OutputFile, type Plugin, transform } from 'esbuild';

/** The modules of one program as CommonJS texts by name (`./main.js`), ready for `pack`. */
export type Modules = Readonly<Record<string, string>>;

const target = 'node20';
// What is parsed at start-up costs time; names stay as they are, for stack traces.
const small = {
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  charset: 'ascii',
} as const;

/**
 * Bundles a program with all its libraries and splits it at its dynamic imports, so that what is loaded late is also
 * parsed late. esbuild splits ES modules only, so each part becomes CommonJS in a second step.
 */
export async function bundle(entry: string, version: string): Promise<Modules> {
  const { outputFiles } = await build({
    ...small,
    entryPoints: { main: entry },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target,
    write: false,
    outdir: '/',
    chunkNames: '[name]-[hash]',
    define: { CCCI_VERSION: JSON.stringify(version), 'import.meta.url': 'importMetaUrl' },
    plugins: [englishOnly],
    logLevel: 'warning',
  });
  const modules = await Promise.all(outputFiles.map(toCommonJs));
  return Object.fromEntries(modules.sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function toCommonJs(file: OutputFile): Promise<[string, string]> {
  const name = `.${file.path}`;
  const supported = { 'dynamic-import': false };
  const { code } = await transform(file.text, {
    ...small,
    format: 'cjs',
    platform: 'node',
    target,
    supported,
  });
  return [name, code];
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
