import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { makeRepository } from '../support/repository/make.ts';
import { layTests } from '../support/repository/recipe.ts';
import { type Figure, limited } from './figure.ts';
import { engineBox } from './in-box.ts';
import { scratch } from './scene.ts';

const bin = join(import.meta.dirname, '..', '..', 'dist', 'bin');
const limitMb = 150;

/** The most memory that `ccci-stage` had resident in a run whose service says 100 MB at each start. */
export async function* stageMemory(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    for await (const box of engineBox(bin)) {
      const { bare, commits } = await makeRepository({ recipe: 'talks-much', into: join(dir, 'talks.git') });
      await layTests('talks-much', join(dir, 'tests', 'talks'));
      const [command = '', ...args] = box.command([process.execPath, join(bin, 'ccci-stage')]);
      const env = { ...box.env, CCCI_STATE: join(dir, 'state'), CCCI_TESTS_DIR: join(dir, 'tests') };
      const child = spawn(command, args, { cwd: dir, env, stdio: ['pipe', 'pipe', 'inherit'] });
      const closed = once(child, 'close');
      child.stdin.end(`${JSON.stringify({ type: 'trigger', repo: bare, ref: commits.pr })}\n`);
      let peakMb = 0;
      for await (const line of createInterface(child.stdout)) {
        // nsenter becomes the program; the kernel keeps the peak, so the last look holds for the whole run.
        if (line.includes('"type":"run.finished"') || line.includes('"type":"stage.finished"'))
          peakMb = Math.max(peakMb, await peakOf(child.pid!));
        if (line.includes('"type":"run.finished"') && !line.includes('"verdict":"green"'))
          throw new Error(line);
      }
      await closed;
      yield limited({ bench: 'stage memory, 100 MB of logs', ours: peakMb, unit: 'MB' }, limitMb);
    }
  }
}

async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / 1000;
}
