import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t, { type Test } from 'tap';
import { flagsOf } from '../../scripts/build/completions/flag.ts';
import { readCommandLine } from '../../scripts/build/completions/programs.ts';

const root = join(import.meta.dirname, '..', '..');
const share = join(root, 'dist', 'share');
const bash = join(share, 'bash-completion', 'completions');
const zsh = join(share, 'zsh', 'site-functions');
const fish = join(share, 'fish', 'vendor_completions.d');
const limitMs = 120_000;

t.test('every program has its completions, in the folders where shells look', async (t) => {
  const programs = fastGlob.sync('*', { cwd: join(root, 'dist', 'bin') }).sort();
  t.same(fastGlob.sync('*', { cwd: bash }).sort(), programs);
  t.same(fastGlob.sync('*', { cwd: zsh }).sort(), programs.map((name) => `_${name}`).sort());
  t.same(fastGlob.sync('*', { cwd: fish }).sort(), programs.map((name) => `${name}.fish`).sort());
  for (const file of fastGlob.sync('*', { cwd: bash, absolute: true })) execFileSync('bash', ['-n', file]);
  for (const file of fastGlob.sync('*', { cwd: zsh, absolute: true })) execFileSync('zsh', ['-n', file]);
  execFileSync('fish', ['-n', ...fastGlob.sync('*', { cwd: fish, absolute: true })]);
});

t.test('fish offers flags, commands and folders', async (t) => {
  const dir = t.testdir({ 'a folder': {} });
  const asked = [
    'ccci-poll --',
    'ccci-poll --inter',
    'ccci ',
    'ccci help st',
    'ccci poll --on',
    'ccci lint a',
  ];
  const script = [
    `for file in ${fish}/*; source $file; end`,
    ...asked.map((line) => `echo '= ${line}'; complete -C '${line}'`),
  ];
  const text = execFileSync('fish', ['--no-config', '-c', script.join('\n')], {
    encoding: 'utf8',
    cwd: dir,
    env: { ...process.env, HOME: dir },
    timeout: limitMs,
  });
  const offered = new Map(
    text
      .split(/^= /m)
      .slice(1)
      .map((part): [string, string[]] => {
        const [line = '', ...words] = part.trimEnd().split('\n');
        return [line, words.map((word) => word.split('\t')[0] as string)];
      }),
  );
  const line = await readCommandLine(root);
  const poll = line.programs.find(({ name }) => name === 'ccci-poll');
  t.same(
    offered.get('ccci-poll --')?.sort(),
    flagsOf(poll!)
      .map(({ name }) => `--${name}`)
      .sort(),
    'all flags of the program and no others',
  );
  t.same(offered.get('ccci-poll --inter'), ['--interval-ms']);
  const first = [...line.commands, ...line.programs].map(({ name }) => name.replace('ccci-', ''));
  t.same(offered.get('ccci ')?.sort(), [...first, 'help'].sort());
  t.same(offered.get('ccci help st'), ['stage']);
  t.same(offered.get('ccci poll --on'), ['--once']);
  t.same(offered.get('ccci lint a'), ['a folder/']);
});

/** A shell on a terminal of its own, as a person has it. */
function openShell(t: Test, command: string, cwd: string) {
  const child = spawn('script', ['-qfec', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, TERM: 'dumb', HOME: cwd, PS1: '' },
  });
  t.teardown(() => child.kill('SIGKILL'));
  let text = '';
  let wake = () => {};
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    text += chunk;
    wake();
  });
  return {
    /** Types something and waits until the terminal shows what is expected behind it. */
    type: (typed: string, shown: RegExp) => {
      text = '';
      child.stdin.write(typed);
      return expectText(child, shown, { text: () => text, onText: (call) => (wake = call) });
    },
  };
}

type Screen = { readonly text: () => string; readonly onText: (call: () => void) => void };

function expectText(child: ChildProcess, shown: RegExp, { text, onText }: Screen): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) =>
      reject(new Error(`${why}; expected ${shown}, the terminal shows:\n${text()}`));
    const ended = () => fail('the shell has ended');
    const timer = setTimeout(() => fail('not in time'), limitMs);
    const look = () => {
      const [found] = shown.exec(text()) ?? [];
      if (found === undefined) return;
      clearTimeout(timer);
      child.off('close', ended);
      resolve(found);
    };
    child.once('close', ended);
    onText(look);
    look();
  });
}

const starts: readonly (readonly [string, string, (dir: string) => string])[] = [
  ['bash', 'bash --norc --noprofile -i', () => `for f in ${bash}/*; do . $f; done; echo re''ady\n`],
  [
    'zsh',
    'zsh -f -i',
    (dir) => `fpath=(${zsh} $fpath); autoload -U compinit; compinit -u -d ${dir}/dump; echo re''ady\n`,
  ],
];

for (const [name, command, load] of starts) {
  t.test(`${name}, on a terminal, completes a flag, a command and a folder`, async (t) => {
    const dir = t.testdir({ 'some-folder': { inner: '' } });
    const shell = openShell(t, command, dir);
    await shell.type(load(dir), /^ready/m);
    for (const [typed, shown] of [
      ['ccci-poll --inter', /--interval-ms/],
      ['ccci doc', /ccci doctor/],
      ['ccci sweep --onl', /--only/],
      ['ccci-stage --tests-dir so', /some-folder\//],
      ['ccci lint so', /some-folder/],
    ] as const) {
      // Ctrl-U takes the line back, for the next.
      t.match(await shell.type(`${typed}\t`, shown), shown, `${typed} and the tabulator`);
      await shell.type("\u0015echo c''leared\n", /^cleared/m);
    }
  });
}
