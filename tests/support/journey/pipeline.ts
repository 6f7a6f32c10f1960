import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { execa, type ResultPromise } from 'execa';
import type { Site } from './site.ts';

/** The main job as a person would type it. */
export const pipeline = 'ccci-poll --once | ccci-dedupe | ccci-stage | ccci-report';
/** The first look at a forge: what is there already is history. */
export const enrolment = 'ccci-poll --once | ccci-dedupe';

export type Ran = {
  /** The shell's exit status, with `pipefail`. */
  readonly exit: number;
  /** Records on standard output. */
  readonly records: readonly AnyRecord[];
  /** Standard output as it is. */
  readonly stdout: string;
  readonly stderr: string;
};

/** Starts a real shell pipeline on a site, in a process group of its own; `kill` ends all of it. */
export function startShell(site: Pick<Site, 'env' | 'dir'>, line: string): ResultPromise {
  return execa('bash', ['-o', 'pipefail', '-c', line], {
    cwd: site.dir,
    env: { ...site.env, DOCKER_HOST: process.env.DOCKER_HOST ?? '' },
    reject: false,
    timeout: 600_000,
    maxBuffer: 100 * 1024 * 1024,
    detached: true,
    stdin: 'ignore',
  });
}

/** Runs a shell pipeline to its end; it takes at most ten minutes. */
export async function shell(site: Pick<Site, 'env' | 'dir'>, line: string): Promise<Ran> {
  const { exitCode, stdout, stderr } = await startShell(site, line);
  return {
    exit: exitCode ?? -1,
    records: parse(String(stdout)),
    stdout: String(stdout),
    stderr: String(stderr),
  };
}

function parse(text: string): AnyRecord[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as AnyRecord);
}
