import { type SweptKind, sweptKinds } from '@ccci/lib/config/schema.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Flags } from '@ccci/lib/program/flags.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';
import { type StageName, stageNames } from '@ccci/lib/records/common.ts';
import type { TriggerOptions } from '@ccci/lib/records/trigger.ts';

/** What the command line asks for, besides the configuration. */
export type Wish = {
  /** Names of repositories; null for all. */
  readonly only: readonly string[] | null;
  readonly options: TriggerOptions;
};

/** Reads the flags that need more than a value; `Failure` 64 with the nearest known word. */
export function readWish({ of, only, quick, stages }: Flags): Wish {
  if (of !== undefined && !sweptKinds.includes(of as SweptKind)) {
    const nearest = didYouMean(String(of), sweptKinds);
    throw wrong(`--of is ${JSON.stringify(of)}; expected ${sweptKinds.join(', ')}${nearest}`);
  }
  return { only: readOnly(only), options: readOptions({ quick, stages }) };
}

function readOnly(only: Flags[string]): readonly string[] | null {
  if (only === undefined) return null;
  const names = words(String(only));
  if (names.length === 0) throw wrong('--only needs names of recipes');
  return names;
}

/** The same options as those of a comment, and the same rules. */
function readOptions({ quick, stages }: Pick<Flags, 'quick' | 'stages'>): TriggerOptions {
  if (stages === undefined) return quick === true ? { quick } : {};
  if (quick === true) throw wrong('--quick and --stages exclude each other');
  const names = words(String(stages));
  const unknown = names.find((name) => !isStageName(name));
  if (unknown !== undefined) {
    throw wrong(`${JSON.stringify(unknown)} is not a stage${didYouMean(unknown, stageNames)}`);
  }
  if (names.length === 0) throw wrong('--stages needs names of stages');
  return { stages: [...new Set(names.filter(isStageName))] };
}

function isStageName(name: string): name is StageName {
  return (stageNames as readonly string[]).includes(name);
}

function words(list: string): readonly string[] {
  return list.split(/[\s,]+/).filter((word) => word !== '');
}

function wrong(message: string): Failure {
  return new Failure(exitStatus.usage, 'bad-value', message, { hint: 'see --help' });
}
