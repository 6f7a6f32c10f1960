import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Flags } from '@ccci/lib/program/flags.ts';
import { stageNameSchema } from '@ccci/lib/records/common.ts';
import type { TriggerOptions } from '@ccci/lib/records/trigger.ts';

/** Refuses flags that contradict one another: `Failure` 64, before anything is looked at. Pure. */
export function checkFlags({ recipe, spool, keep, attach, stages }: Flags): void {
  if (spool !== undefined && recipe !== undefined)
    throw usage('--recipe tests one checkout, --spool takes its work from a queue: not both');
  if (spool !== undefined && keep === true)
    throw usage(
      '--keep leaves a deployment up for a person: not on a queue (--spool)',
      'use it with --recipe DIR, or with a trigger on standard input',
    );
  if (attach !== undefined) checkAttach({ recipe, spool, keep, stages });
  else if (stages !== undefined && recipe === undefined)
    throw usage(
      '--stages belongs to --recipe or --attach',
      'a trigger on standard input has its own options',
    );
}

/** What `--stages` asks for of a run by hand: `Failure` 64 for a name that is no stage. Pure. */
export function askedStages({ stages }: Flags): TriggerOptions {
  if (typeof stages !== 'string') return {};
  const names = stages.split(',').map((name) => name.trim());
  return { stages: names.map((name) => stageOf(name)) };
}

function checkAttach({ recipe, spool, keep, stages = 'custom' }: Flags): void {
  const others = { '--recipe': recipe, '--spool': spool, '--keep': keep };
  for (const [flag, value] of Object.entries(others))
    if (value !== undefined) throw usage(`--attach runs tests against what is up already: not with ${flag}`);
  for (const name of String(stages).split(',').map(stageOf)) {
    if (name !== 'custom')
      throw usage(
        `--stages ${name} would change the kept deployment, or means nothing without changing it`,
        'attach with --stages custom; for everything else keep a new run',
      );
  }
}

function stageOf(name: string) {
  const { success, data } = stageNameSchema.safeParse(name.trim());
  if (success) return data;
  throw usage(
    `--stages: ${JSON.stringify(name)} is no stage`,
    `expected some of ${stageNameSchema.options.join(', ')}`,
  );
}

function usage(message: string, hint = 'see --help'): Failure {
  return new Failure(exitStatus.usage, 'bad-value', message, { hint });
}
