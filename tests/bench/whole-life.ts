import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { makeRepository } from '../support/repository/make.ts';
import { layTests } from '../support/repository/recipe.ts';
import { type Figure, figure } from './figure.ts';
import { engineBox, type InBox } from './in-box.ts';
import { scratch } from './scene.ts';
import { median } from './timed.ts';

const bin = join(import.meta.dirname, '..', '..', 'dist', 'bin');
const script = join(import.meta.dirname, 'peers', 'whole-life.sh');
const rounds = 5;
const goal = 1.1;

/**
 * The whole life of a small stateless recipe, both deployments, by `ccci-stage` beside a shell script that does the
 * same with the docker command; by turns, medians.
 */
export async function* wholeLife(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    for await (const box of engineBox(bin)) {
      const { bare, commits } = await makeRepository({
        recipe: 'stateless',
        into: join(dir, 'stateless.git'),
      });
      await layTests('stateless', join(dir, 'tests', 'stateless'));
      const { pr: head = '', '1-1.0.0+1.0.0': base = '' } = commits;
      const times = { ours: [] as number[], peer: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        times.ours.push(await ours(box, dir, bare, head));
        const folder = join(dir, `peer-${round}`);
        await mkdir(folder);
        times.peer.push(await timedIn(box, dir, [script, bare, base, head, `life${round}`, folder]));
        await rm(folder, { recursive: true });
      }
      yield figure({
        bench: 'whole life',
        ours: median(times.ours),
        peer: median(times.peer),
        unit: 'ms',
        against: 'a shell script with docker',
        goal,
      });
    }
  }
}

/** A run that is not green, or skips the upgrade, would not do the same. */
async function ours(box: InBox, dir: string, bare: string, head: string): Promise<number> {
  const input = `${JSON.stringify({ type: 'trigger', repo: bare, ref: head })}\n`;
  let stdout = '';
  const ms = await timedIn(box, dir, [process.execPath, join(bin, 'ccci-stage')], {
    input,
    onEnd: (text) => {
      stdout = text;
    },
  });
  const finished = stdout.split('\n').find((line) => line.includes('"type":"run.finished"')) ?? '{}';
  const { verdict, rungs } = JSON.parse(finished) as { verdict?: string; rungs?: { upgrade?: string } };
  if (verdict !== 'green' || rungs?.upgrade !== 'pass')
    throw new Error(`ccci-stage: ${verdict}: ${finished}`);
  return ms;
}

async function timedIn(
  box: InBox,
  dir: string,
  argv: readonly string[],
  { input = '', onEnd }: { readonly input?: string; readonly onEnd?: (stdout: string) => void } = {},
): Promise<number> {
  const [command = '', ...args] = box.command(argv);
  const startedAt = performance.now();
  const { stdout } = await execa(command, args, {
    cwd: dir,
    input,
    env: { ...box.env, CCCI_STATE: join(dir, 'state'), CCCI_TESTS_DIR: join(dir, 'tests') },
    extendEnv: false,
    timeout: 300_000,
    maxBuffer: 100 * 1024 * 1024,
  });
  const ms = performance.now() - startedAt;
  onEnd?.(stdout);
  return ms;
}
