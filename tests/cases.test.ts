/**
 * Golden cases: each folder `cases/<tool>/<slug>` holds a command line and what comes out.
 *
 *   cmd         one or more lines of shell, run by `sh -eu` with the built programs on the PATH
 *   in.ndjson   its standard input (none: empty)
 *   out.ndjson  its standard output     err   its standard error     exit   its status
 *
 * A case runs in a fresh folder that holds copies of its other files, with CCCI_STATE a fresh folder `state` in it.
 * `CCCI_CASES_UPDATE=1` writes the expectations anew: look at the difference as at a change of the contract.
 * `CCCI_CASES=dedupe/torn` runs only cases whose name begins so; `CCCI_BIN` is another folder of programs.
 */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const limitMs = 60_000;
const cases = fileURLToPath(new URL('cases', import.meta.url));
const programs = process.env.CCCI_BIN ?? fileURLToPath(new URL('../dist/bin', import.meta.url));
const expectations = ['out.ndjson', 'err', 'exit'] as const;

type Outcome = Readonly<Record<(typeof expectations)[number], string>>;

const names = globSync('*/*/cmd', { cwd: cases })
  .map((path) => dirname(path))
  .filter((name) => name.startsWith(process.env.CCCI_CASES ?? ''))
  .sort();

t.jobs = 2;
t.ok(existsSync(programs), 'the programs are built (npm run build)');
for (const name of names) {
  t.test(name, { timeout: limitMs, buffered: true }, async (t) => {
    const folder = join(cases, name);
    const scratch = t.testdir({ state: {} });
    const outcome = await run(folder, scratch);
    for (const file of expectations) {
      const path = join(folder, file);
      if (process.env.CCCI_CASES_UPDATE === '1') writeFileSync(path, outcome[file]);
      t.equal(outcome[file], existsSync(path) ? readFileSync(path, 'utf8') : '(no such file)', file);
    }
  });
}

async function run(folder: string, scratch: string): Promise<Outcome> {
  const isGiven = (path: string) => !['cmd', 'in.ndjson', ...expectations].includes(basename(path));
  cpSync(folder, scratch, { recursive: true, filter: isGiven });
  mkdirSync(join(scratch, 'home'));
  const child = spawn('sh', ['-euc', readFileSync(join(folder, 'cmd'), 'utf8')], {
    cwd: scratch,
    detached: true,
    env: {
      PATH: `${programs}:${process.env.PATH}`,
      HOME: join(scratch, 'home'),
      CCCI_STATE: join(scratch, 'state'),
      TZ: 'UTC',
    },
  });
  const timer = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), limitMs - 5_000);
  const ended = new Promise<string>((resolve) => {
    child.on('close', (status, signal) => resolve(`${status ?? signal}\n`));
  });
  const input = join(folder, 'in.ndjson');
  child.stdin.on('error', () => {});
  child.stdin.end(existsSync(input) ? readFileSync(input) : '');
  const [out, err, exit] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  clearTimeout(timer);
  return { 'out.ndjson': normalise(out, scratch), err: normalise(err, scratch), exit };
}

/**
 * The one rule for what differs from run to run: scratch folder, version, clock, length, keys of triggers by hand, and
 * what some versions of Node add to the message of a JSON error.
 */
function normalise(output: string, scratch: string): string {
  return output
    .replaceAll(scratch, '<scratch>')
    .replaceAll(/\b(ccci-[a-z]+)\/[0-9a-z][0-9a-z.+-]*/g, '$1/<version>')
    .replaceAll(/"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"/g, '"at":"<at>"')
    .replaceAll(/ \(line \d+ column \d+\)/g, '')
    .replaceAll(/"ms":\d+(\.\d+)?/g, '"ms":"<ms>"')
    .replaceAll(/\bhand-\d{8}t\d{6}-[0-9a-f]{4}\b/g, 'hand-<time>-<random>');
}
