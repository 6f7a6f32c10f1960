import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import t, { type Test } from 'tap';
import { collectAtTimes, findCollector } from '../../../lib/program/collect.ts';

const module = join(import.meta.dirname, '../../../lib/program/collect.ts');
const bin = join(import.meta.dirname, '../../../dist/bin');
const limitMs = 60_000;

/** Command lines, and whether their programs wait. */
const lines: readonly (readonly [name: string, args: readonly string[], waits: boolean])[] = [
  ['poll', [], true],
  ['poll', ['--once'], false],
  ['hook', ['--port', '0'], true],
  ['dedupe', [], true],
  ['dedupe', ['--explain', 'gitea-1'], false],
  ['report', [], true],
  ['report', ['--format', 'text'], false],
  ['report', ['--spool', '.', '--once'], false],
  ['stage', ['--spool', '.', '--idle-ms', '1'], true],
  ['stage', [], false],
  ['sweep', [], false],
  ['janitor', [], false],
  ['discover', [], false],
];

/** A program of its own; `collectAtTimes` is there. What it wrote, and how it ended. */
async function program(lines: string): Promise<{ readonly exit: number | null; readonly out: string }> {
  const script = `import { collectAtTimes } from ${JSON.stringify(module)}; ${lines}`;
  const argv = ['--input-type=module', '-e', script];
  const child = spawn(process.execPath, argv, { timeout: limitMs, killSignal: 'SIGKILL' });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit, out })));
}

t.test('a program that waits gives back what it no longer uses', async (t) => {
  // Nothing is allocated meanwhile, so that V8 itself has no reason to look.
  const ran = await program(`
    const waiting = setInterval(() => {}, 1e9);
    globalThis.registry = new FinalizationRegistry(() => { console.log('given back'); clearInterval(waiting); });
    registry.register({}, '');
    collectAtTimes({ everyMs: 1 });`);
  t.same(ran, { exit: 0, out: 'given back\n' });
});

t.test('it collects when it is due, each time, and looks for the way once', (t) => {
  const { tick, done } = clock(t, () => () => done.push('collected'));
  tick(29_999);
  t.same(done, [], 'a short program never pays for it');
  tick(1);
  t.same(done, ['looked', 'collected']);
  tick(60_000);
  t.same(done, ['looked', 'collected', 'collected', 'collected']);
  t.end();
});

t.test('where it cannot be had the program goes on without, and does not look again', (t) => {
  const { tick, done } = clock(t, () => undefined);
  tick(120_000);
  t.same(done, ['looked']);
  t.end();
});

t.test('no program is kept from its end', async (t) => {
  const ran = await program(`
    collectAtTimes({ everyMs: 60_000, find: () => { throw new Error('too early'); } });
    console.log('the end');`);
  t.same(ran, { exit: 0, out: 'the end\n' });
});

t.test('programs that wait do it, and no other', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'ccci-collect-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  // Nothing is configured: each ends, once it has begun.
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    CCCI_STATE: folder,
    DOCKER_HOST: 'unix:///nonexistent',
  };
  const told = `const { setInterval } = globalThis; globalThis.setInterval = (...args) => {
    if (args[1] === 30000 && String(args[0]).includes('collect')) console.error('collects');
    return setInterval(...args); };`;
  for (const [name, args, isOne] of lines) {
    const preload = `data:text/javascript,${encodeURIComponent(told)}`;
    const argv = ['--import', preload, join(bin, `ccci-${name}`), ...args];
    const { stderr } = spawnSync(process.execPath, argv, { env, cwd: folder, input: '', timeout: limitMs });
    t.equal(/^collects$/m.test(String(stderr)), isOne, `${name} ${args.join(' ')}: ${stderr}`);
  }
});

t.test('Node has it', (t) => {
  t.type(findCollector(), 'function');
  t.end();
});

/** A clock that is moved by hand, and what was done by it. */
function clock(t: Test, find: () => (() => void) | undefined) {
  const done: string[] = [];
  mock.timers.enable({ apis: ['setInterval'] });
  t.teardown(() => mock.timers.reset());
  collectAtTimes({
    find: () => {
      done.push('looked');
      return find();
    },
  });
  return { tick: (ms: number) => mock.timers.tick(ms), done };
}
