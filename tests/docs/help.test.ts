/**
 * `--help`, the manual and the code say the same: flags with their values and defaults, command by command, variables of
 * the environment, exit statuses. `CCCI_BIN` is another folder of programs, with their manual in `../share/man`.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { configSchema, sectionKeys, typeOf } from '@ccci/lib/config/schema.ts';
import { exitStatus } from '@ccci/lib/program/failure.ts';
import fastGlob from 'fast-glob';
import t from 'tap';
import { commands, usage } from '../../tools/ccci/commands.ts';
import { type ManPage, plain, readManPage } from './man-page.ts';

const top = join(import.meta.dirname, '..', '..');
const bin = process.env.CCCI_BIN ?? join(top, 'dist', 'bin');
const man = join(bin, '..', 'share', 'man');
const own = Object.keys(commands).sort();

/** `ccci-poll` to its page; others, such as `ccci-recipe`, too. */
const pages = new Map(
  fastGlob
    .sync('man*/*', { cwd: man })
    .filter((file) => file !== 'man7/ccci.7')
    .map((file) => [basename(file).replace(/\.\d$/, ''), readManPage(join(man, file))] as const),
);
const programs = fastGlob.sync('*', { cwd: bin }).sort();

/** A flag as `--help` and the manual show it. */
type Told = { readonly value: string | null; readonly fallback: string | null };
type Call = {
  readonly name: string;
  readonly program: string;
  readonly words: readonly string[];
  /** Of the configuration, whose keys its flags and variables are. */
  readonly section: string;
};

const calls: readonly Call[] = programs.flatMap((program) =>
  program === 'ccci'
    ? own.map((word) => ({
        ...{ name: `ccci ${word}`, program, words: [word] },
        section: word === 'wait' ? 'report' : 'stage',
      }))
    : [{ name: program, program, words: [], section: program.replace('ccci-', '') }],
);
const helped = new Map<string, Map<string, Told>>();
for (const call of calls) helped.set(call.name, await readHelp(call));

t.test('each flag of --help is in the manual, with its value and default, and no other', async (t) => {
  for (const { name, program } of calls) {
    const help = helped.get(name)!;
    t.ok(help.size > 5, `${name} --help names flags`);
    t.same(sorted(manualFlags(pageOf(program), name)), sorted(help), `${name}: OPTIONS of ${program}`);
  }
});

t.test('a default that is told is the one that is used, and none is kept to itself', async (t) => {
  const used = configSchema.parse({}) as Record<string, unknown>;
  let count = 0;
  for (const { name, section } of calls) {
    for (const [flag, { value, fallback }] of helped.get(name)!) {
      const key = flag.slice(2).replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
      const found = (used[section] as Record<string, unknown> | undefined)?.[key] ?? used[key];
      if (value === null || found === undefined || typeof found === 'object') continue;
      count += 1;
      t.equal(fallback, String(found), `${name} ${flag}`);
    }
  }
  t.ok(count > 10, `${count} defaults`);
});

t.test('the front door names its commands everywhere', async (t) => {
  const page = pageOf('ccci');
  const named = (text: string) => [
    ...new Set([...text.matchAll(/^ *ccci ([a-z]+)\b/gm)].map(([, word]) => word as string)),
  ];
  t.same(named(usage.split('\n').slice(1).join('\n')).sort(), [...own, 'help'].sort(), 'ccci help');
  t.same(named(page.section('SYNOPSIS')).sort(), [...own, 'help'].sort(), 'SYNOPSIS');
  const headings = new Set(page.definitions('OPTIONS').map(({ under }) => under));
  t.same([...headings].sort(), ['Every command', ...own.map((word) => `ccci ${word}`)], 'OPTIONS');
  t.same(
    page.definitions('OUTPUT').map(({ term }) => term),
    own.map((word) => `ccci ${word}`).sort((a, b) => order(page, a) - order(page, b)),
    'OUTPUT',
  );
});

t.test('a flag that a page names anywhere is one that there is', async (t) => {
  const all = new Set([...helped.values()].flatMap((flags) => [...flags.keys()]));
  for (const [name, page] of [...pages, ['ccci(7)', readManPage(join(man, 'man7', 'ccci.7'))] as const]) {
    const ofProgram = calls.filter(({ program }) => program === name);
    const known =
      ofProgram.length === 0 ? all : new Set(ofProgram.flatMap((call) => [...helped.get(call.name)!.keys()]));
    const named = page.code.flatMap((code) => /^--(?:no-)?[a-z-]+/.exec(code)?.[0] ?? []);
    const unknown = named.map(positive).filter((flag) => !known.has(flag));
    t.same(unknown, [], name);
    if (ofProgram.length === 0) continue;
    const synopsis = plain(page.section('SYNOPSIS')).matchAll(/(?<=[\s[])--[a-z-]+/g);
    const stray = [...synopsis].map(([flag]) => positive(flag)).filter((flag) => !known.has(flag));
    t.same(stray, [], `${name}: SYNOPSIS`);
  }
});

t.test('each variable of a program is in its manual, and no other', async (t) => {
  for (const program of programs) {
    const sections = calls.filter((call) => call.program === program).map(({ section }) => section);
    const possible = sections.flatMap((section) => ownVariables(section));
    const text = plain(pageOf(program).section('ENVIRONMENT'));
    const named = [...text.matchAll(/\bCCCI_[A-Z_]*[A-Z]\b/g)].map(([name]) => name);
    const stray = named.filter((name) => ![...shared, ...possible].includes(name));
    t.same(stray, [], `${program}: ENVIRONMENT names no variable that nobody reads`);
    t.ok(named.includes('CCCI_CONFIG'), `${program}: CCCI_CONFIG`);
    // What the front door hands on is told by the page of ccci-stage, which it names.
    if (program === 'ccci') t.match(text, 'as for ccci-stage(1)');
    else
      t.same(
        [...new Set(possible)].filter((name) => !named.includes(name)),
        [],
        `${program}: all`,
      );
  }
});

t.test('each exit status that a program ends with is in its manual, and is one of ccci(7)', async (t) => {
  const every = Object.values(exitStatus).map(String).sort();
  t.same(statusesOf(readManPage(join(man, 'man7', 'ccci.7'))), every, 'ccci(7)');
  for (const program of programs) {
    const tool = program.replace('ccci-', '');
    const told = statusesOf(pageOf(program));
    t.same(
      told.filter((status) => !every.includes(status)),
      [],
      `${program}: no other status`,
    );
    const common = ['64', '70', '78'];
    const seen = [...common, ...statusesInCases(tool), ...statusesInCode(tool)];
    t.same(
      [...new Set(seen)].filter((status) => !told.includes(status)),
      [],
      `${program}: EXIT STATUS`,
    );
  }
});

t.test('help fits a terminal of 80 columns', async (t) => {
  const texts = new Map([['ccci', usage]]);
  for (const call of calls) texts.set(call.name, await helpOf(call));
  for (const [name, text] of texts) {
    const lines = text.split('\n');
    t.same(
      lines.filter((line) => line.length > 80 || line.endsWith(' ')),
      [],
      name,
    );
  }
});

const shared = ['CCCI_CONFIG', 'CCCI_STATE', 'CCCI_RUNS', 'CCCI_TESTS_DIR'];

function pageOf(program: string): ManPage {
  const page = pages.get(program);
  if (page === undefined) throw new Error(`there is no page of ${program} in ${man}`);
  return page;
}

async function helpOf({ program, words }: Call): Promise<string> {
  const args = [join(bin, program), ...words, '--help'];
  return (await promisify(execFile)(process.execPath, args, { timeout: 60_000 })).stdout;
}

async function readHelp(call: Call): Promise<Map<string, Told>> {
  const lines = (await helpOf(call)).matchAll(/^\s*(--[a-z][a-z-]*)(?:=<(.+?)>)?(?: {2,}(.*?))? *$/gm);
  return new Map(
    [...lines].map(([, flag = '', value, said = '']) => [
      positive(flag),
      { value: value ?? null, fallback: value === undefined ? null : fallbackIn(said) },
    ]),
  );
}

/** Flags of OPTIONS: those under the heading of the call, and under none of a call. */
function manualFlags(page: ManPage, name: string): Map<string, Told> {
  const isMeant = (under: string | null) => under === null || under === name || under === 'Every command';
  return new Map(
    page
      .definitions('OPTIONS')
      .filter(({ under }) => isMeant(under))
      .flatMap(({ term, said }) =>
        term.split(', ').map((one) => {
          const [, flag = one, value = null] = /^(--[a-z-]+)(?: (.+))?$/.exec(one) ?? [];
          return [positive(flag), { value, fallback: value === null ? null : fallbackIn(said) }] as const;
        }),
      ),
  );
}

function fallbackIn(said: string): string | null {
  return /\(default:? ([^);]+)[);]/i.exec(said)?.[1] ?? null;
}

function positive(flag: string): string {
  return flag.replace(/^--no-/, '--');
}

function sorted(flags: ReadonlyMap<string, Told>): readonly (readonly [string, Told])[] {
  return [...flags].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Where the synopsis has a call. */
function order(page: ManPage, call: string): number {
  return page.section('SYNOPSIS').indexOf(call);
}

/** Variables that stand for a key of a section; what holds several values is in the file alone. */
function ownVariables(section: string): readonly string[] {
  const isOne = (key: string) => ['string', 'number', 'boolean', 'enum'].includes(typeOf(section, key) ?? '');
  return sectionKeys(section)
    .filter(isOne)
    .map((key) => `CCCI_${key.replaceAll(/[A-Z]/g, '_$&').toUpperCase()}`);
}

/** Statuses at the start of a definition or of a row. */
function statusesOf(page: ManPage): readonly string[] {
  const found = page.section('EXIT STATUS').matchAll(/^(?:\.TP|T\{)\n(?:\\fB)?([\d, ]+)(?:\\fP)?$/gm);
  return [...new Set([...found].flatMap(([, list = '']) => list.split(', ')))].sort();
}

function statusesInCases(tool: string): readonly string[] {
  const cases = join(top, 'tests', 'cases', tool);
  return fastGlob
    .sync('*/exit', { cwd: cases })
    .map((file) => readFileSync(join(cases, file), 'utf8').trim());
}

function statusesInCode(tool: string): readonly string[] {
  const folder = join(top, 'tools', tool);
  return fastGlob.sync('**/*.ts', { cwd: folder, ignore: ['node_modules'] }).flatMap((file) => {
    const names = readFileSync(join(folder, file), 'utf8').matchAll(/\bexitStatus\.([a-zA-Z]+)/g);
    return [...names].map(([, name]) => String(exitStatus[name as keyof typeof exitStatus]));
  });
}
