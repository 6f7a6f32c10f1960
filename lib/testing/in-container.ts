import { basename } from 'node:path';
import type { PlannedTest } from '../records/plan.ts';
import { judgeCases, type TestCase } from './case.ts';
import { readJunit } from './read-junit.ts';
import { readTap } from './read-tap.ts';

/** Where a container has the files that it tests with. */
export const folderInside = '/ccci';

const report = '/tmp/ccci-junit.xml';
/** pytest's report follows its output: nothing is shared with the container, and nothing read out of it. */
const mark = '--- ccci-junit ---';

/** The command that runs a test file of the recipe's repository inside a container, by what the image has. */
export function commandInside(runner: PlannedTest['runner'], file: string): string[] {
  const path = `${folderInside}/${file}`;
  if (runner === 'node') return ['node', '--test-reporter=tap', path];
  if (runner === 'tap') return [path];
  const script = `"$@"; status=$?; echo; echo '${mark}'; cat ${report}; exit $status`;
  const flags = ['-q', '-p', 'no:cacheprovider', `--rootdir=${folderInside}`, `--junit-xml=${report}`];
  return ['/bin/sh', '-c', script, 'sh', 'python3', '-m', 'pytest', ...flags, path];
}

export type InsideEnding = {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly output: string;
  readonly timedOut: boolean;
};

/** The cases of a test file that ran in a container; one without any assertion is one `fail` (L55). */
export function casesInside(
  { runner, file }: Pick<PlannedTest, 'runner' | 'file'>,
  { exitCode, stdout, output, timedOut }: InsideEnding,
  timeoutMs: number,
): TestCase[] {
  const at = stdout.lastIndexOf(`\n${mark}\n`);
  const cases =
    runner === 'pytest'
      ? (readJunit(at < 0 ? '' : stdout.slice(at + mark.length + 2)) ?? [])
      : readTap(stdout);
  const said = output.split(`\n${mark}\n`)[0] ?? '';
  const tail = said.trimEnd().split('\n').at(-1)?.slice(0, 500) ?? '';
  return judgeCases(cases, {
    file: basename(file),
    exitCode,
    timedOut,
    timeoutMs,
    tail,
    overflowedAt: null,
  });
}
