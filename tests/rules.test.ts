import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import fastGlob from 'fast-glob';
import t from 'tap';

const top = join(import.meta.dirname, '..');
const code = fastGlob
  .sync(['lib/**/*.ts', 'tools/**/*.ts'], { cwd: top, ignore: ['**/node_modules/**'] })
  .sort();

/**
 * What each folder of lib may import besides itself, `program` and `records` (design.md, rule 2). `runs` uses the
 * durable files and locks of `state`, which is the same layer.
 */
const allowed: Readonly<Record<string, readonly string[]>> = {
  program: [],
  records: [],
  config: [],
  state: [],
  runs: ['state'],
  metrics: ['state'],
  forge: [],
  git: [],
  recipe: [],
  results: [],
  lint: ['recipe'],
  plan: ['git', 'recipe'],
  testing: [],
  browser: ['pictures'],
  doctor: ['runs', 'swarm', 'testing'],
  'test-helper': ['browser'],
  swarm: [],
  app: ['swarm'],
  backup: ['recipe', 'swarm'],
  probe: [],
  pages: ['results'],
  pictures: ['pages', 'results', 'state'],
  stages: [
    'app',
    'backup',
    'browser',
    'lint',
    'pictures',
    'plan',
    'probe',
    'recipe',
    'results',
    'runs',
    'state',
    'swarm',
    'testing',
  ],
};

const importPattern = /(?:from|import\()\s*'([^']+)'/g;

function importsOf(file: string): string[] {
  return [...readFileSync(join(top, file), 'utf8').matchAll(importPattern)].map(
    ([, target]) => target as string,
  );
}

/** Folder of lib that an import leads to, or undefined for anything else. */
function libFolderOf(file: string, target: string): string | undefined {
  if (target.startsWith('@ccci/lib/')) return target.split('/')[2];
  if (!target.startsWith('.')) return undefined;
  const path = relative(top, resolve(top, dirname(file), target));
  return path.startsWith('lib/') ? path.split('/')[1] : undefined;
}

t.test('dependencies of lib point down', async (t) => {
  for (const file of code.filter((name) => name.startsWith('lib/'))) {
    const folder = file.split('/')[1] as string;
    const may = new Set([
      folder,
      'program',
      ...(folder === 'program' ? [] : ['records']),
      ...(allowed[folder] ?? []),
    ]);
    for (const target of importsOf(file)) {
      const to = libFolderOf(file, target);
      if (to !== undefined) t.ok(may.has(to), `${file} may import ${target}`);
    }
  }
});

t.test('no tool imports another tool', async (t) => {
  for (const file of code.filter((name) => name.startsWith('tools/'))) {
    for (const target of importsOf(file).filter((one) => one.startsWith('.'))) {
      const path = relative(top, resolve(top, dirname(file), target));
      t.equal(path.split('/')[1], file.split('/')[1], `${file} imports ${target}`);
    }
  }
});

t.test('only lib/program touches the process', async (t) => {
  for (const file of code.filter((name) => !name.startsWith('lib/program/'))) {
    t.notMatch(
      readFileSync(join(top, file), 'utf8'),
      /(?<![.\w])process\.(exit|argv|stdout|stdin|stderr|on|exitCode)\b/,
      file,
    );
  }
});

t.test('recipe, lint and results touch neither network, disk nor clock', async (t) => {
  for (const file of code.filter((name) => /^lib\/(recipe|lint|results)\//.test(name))) {
    const text = readFileSync(join(top, file), 'utf8');
    t.notMatch(text, /from 'node:(?!path'|buffer'|util'|crypto')/, `${file} imports no effect`);
    t.notMatch(
      text,
      /\b(fetch\(|Date\.now|new Date\(\)|Math\.random|randomUUID\()/,
      `${file} calls no effect`,
    );
  }
});

t.test('git, Docker and the browser have one owner each', async (t) => {
  const owners: readonly (readonly [RegExp, RegExp])[] = [
    [/(execa|spawn|spawnSync|runChild)\(\s*'git'/, /^lib\/git\//],
    [/(execa|spawn|spawnSync|runChild)\(\s*'docker'/, /^lib\/swarm\//],
    [/(execa|spawn|spawnSync|runChild)\(\s*'restic'/, /^(lib\/backup|tools\/stage)\//],
    [/(execa|spawn|spawnSync|runChild)\(\s*'flock'/, /^lib\/state\//],
    [/^import (?!type ).*from 'playwright/m, /^lib\/browser\//],
  ];
  for (const file of code) {
    const text = readFileSync(join(top, file), 'utf8');
    for (const [effect, owner] of owners) t.ok(!effect.test(text) || owner.test(file), `${file}: ${effect}`);
  }
});

t.test('style: no default exports, no barrels, .ts in imports, short mains', async (t) => {
  for (const file of code) {
    const text = readFileSync(join(top, file), 'utf8');
    t.notMatch(text, /^export default/m, `${file} has no default export`);
    t.notMatch(text, /^export \* from/m, `${file} is no barrel`);
    for (const target of importsOf(file).filter((one) => one.startsWith('.')))
      t.match(target, /\.ts$/, `${file}: ${target}`);
    const lines = text.split('\n').length;
    t.ok(lines <= 250, `${file} can be held in mind (${lines} lines)`);
    if (file.endsWith('/main.ts')) t.ok(lines <= 31, `${file} is at most 30 lines`);
  }
});

t.test('no address of a registry and no path of a machine', async (t) => {
  const files = fastGlob.sync(['**/*.{ts,mjs,md,json,yaml,yml,nix,sh}'], {
    cwd: top,
    ignore: ['**/node_modules/**', 'dist/**', '.tap/**', '.cache/**'],
  });
  const registry = new RegExp(['registry', 'npmjs', 'org'].join('\\.'));
  for (const file of files) {
    const text = readFileSync(join(top, file), 'utf8');
    t.notMatch(text, registry, `${file} names no registry`);
    t.notMatch(
      text,
      new RegExp(`/${'work'}/(main|shared|\\.library)`),
      `${file} names no path of this machine`,
    );
  }
});
