import { readOptions } from '@ccci/lib/forge/command-options.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Flags } from '@ccci/lib/program/flags.ts';
import type { TriggerOptions } from '@ccci/lib/records/trigger.ts';

/** What is asked for besides the recipe itself. */
export type Wanted = {
  /** Commit, branch or tag; undefined for what the target says. */
  readonly ref: string | undefined;
  readonly options: TriggerOptions;
};

/** Reads `--ref`, `--quick` and `--stages` as `!testme` would (triggers.md, grammar). `Failure` 64. */
export function readWanted(flags: Flags): Wanted {
  const words = [
    ...(flags.quick === true ? ['--quick'] : []),
    ...(typeof flags.stages === 'string' ? [`--stages=${flags.stages}`] : []),
  ];
  const { options, problems } = readOptions(words);
  if (problems.length > 0) throw usage(problems.join('; '), 'see ccci help test');
  if (typeof flags.attach === 'string' && typeof flags.target === 'string') {
    throw usage('--attach tests what a run left up, not another recipe', 'leave the folder out');
  }
  return { ref: typeof flags.ref === 'string' ? flags.ref : undefined, options };
}

/** Flags of ours that are ccci-stage's own, as they were given. */
export function stageFlags(flags: Flags): string[] {
  const named = ['config', 'state', 'tests-dir', 'runs', 'domain', 'ingress', 'docker-host', 'attach'];
  const given = named.flatMap((name) => (typeof flags[name] === 'string' ? [`--${name}`, flags[name]] : []));
  const isAttached = typeof flags.attach === 'string' && typeof flags.stages === 'string';
  return [
    ...given,
    ...(isAttached ? ['--stages', String(flags.stages)] : []),
    ...(flags.keep === true ? ['--keep'] : []),
  ];
}

function usage(message: string, hint: string): Failure {
  return new Failure(exitStatus.usage, 'bad-value', message, { hint });
}
