import { startShell } from '../journey/pipeline.ts';
import type { QuickSite } from '../quick-stage/site.ts';
import { hook } from './hook.ts';

/** The main job, a command a word. */
export const pipe: readonly string[] = ['ccci-poll --once', 'ccci-dedupe', 'ccci-stage', 'ccci-report'];

/** Pipes that are run one after the other until all is done, each to its end. */
export type Round = readonly (readonly string[])[];

export const piped: Round = [pipe];

/** The same work handed on by the state directory alone. */
export const spooled: Round = [
  ['ccci-poll --once', 'ccci-dedupe --spool "$CCCI_TEST_STATE"'],
  ['ccci-stage --spool "$CCCI_TEST_STATE" --idle-ms 50'],
  ['ccci-report --spool "$CCCI_TEST_STATE" --once'],
];

/** Comments come by webhook first, and by the poll what was not taken so. */
export const hooked: Round = [[hook], ...spooled];

/** Exit status of each program of a pipe, and what they said on standard error. */
export type Ended = { readonly statuses: readonly number[]; readonly stderr: string };

const mark = 'statuses of the pipe:';

/** Runs a pipe of commands to its end, with one thread for files in each, so that it goes the same way each time. */
export async function runPipe(site: QuickSite, commands: readonly string[]): Promise<Ended> {
  const line = `${commands.join(' | ')} >/dev/null; echo "${mark} \${PIPESTATUS[*]}" >&2`;
  const { stderr } = await startShell({ ...site, env: { ...site.env, UV_THREADPOOL_SIZE: '1' } }, line);
  const text = String(stderr);
  const at = text.lastIndexOf(mark);
  if (at < 0) throw new Error(`the pipe did not come to its end: ${text}`);
  const statuses = text
    .slice(at + mark.length)
    .trim()
    .split(' ')
    .map(Number);
  return { statuses, stderr: text.slice(0, at) };
}
