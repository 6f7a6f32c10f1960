import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Asked } from '../quick-stage/at-rest.ts';
import { deliverTo } from '../quick-stage/deliver.ts';
import type { QuickSite } from '../quick-stage/site.ts';
import type { Ended } from './pipe.ts';

/** The receiver of webhooks; not a pipe, as it runs until it is stopped. */
export const hook = 'ccci-hook --port 0';

const killed = 137;

/**
 * Runs the receiver (as `change` makes it), delivers each comment twice, and stops it. What it does not take, or
 * what it takes with it, is the poll's.
 */
export async function runHook(
  site: QuickSite,
  asked: readonly Asked[],
  change: (command: string) => string,
): Promise<Ended> {
  const pidFile = join(site.dir, 'hook.pid');
  const line = change(hook).replace(hook, () => `sh -c 'echo $$ >"$0"; exec ${hook}' ${pidFile}`);
  const env = { ...process.env, ...site.env, UV_THREADPOOL_SIZE: '1' };
  const child = spawn('bash', ['-c', `exec ${line}`], {
    cwd: site.dir,
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    timeout: 60_000,
  });
  let said = '';
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const heard = new Promise<void>((resolve) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening on')) resolve();
    });
  });
  await Promise.race([heard, ended]);
  for (const { id } of [...asked, ...asked]) await deliverTo(site, said, id);
  stop(pidFile);
  const [code, signal] = await ended;
  return { statuses: [signal === 'SIGKILL' ? killed : (code ?? 1)], stderr: said };
}

/** By the id that it wrote down; one that was struck before that left none, and 0 would be our own group. */
function stop(pidFile: string): void {
  try {
    const pid = Number(readFileSync(pidFile, 'utf8'));
    if (pid > 0) process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}
