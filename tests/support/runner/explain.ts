import { exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';

/** Says on standard error why a run of tests could not be done, and gives the exit status for it. */
export function explain(program: string, error: unknown): number {
  const say = (text: string) => process.stderr.write(`${program}: ${text}\n`);
  if (error instanceof Failure) {
    say(error.message);
    if (error.hint) say(error.hint);
    return error.status;
  }
  const isUsage = (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS') ?? false;
  say(isUsage ? messageOf(error) : ((error as Error).stack ?? String(error)));
  return isUsage ? exitStatus.usage : exitStatus.red;
}
