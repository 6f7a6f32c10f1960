import { repositoryUrl } from '@ccci/lib/forge/announce.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import { type SweptThing, sweepKey } from '@ccci/lib/records/keys.ts';
import type { Trigger, TriggerOptions } from '@ccci/lib/records/trigger.ts';
import type { EnrolledRepository } from './enrolled.ts';
import type { Thing } from './things.ts';

/** What all triggers of a sweep have in common. */
export type Sweeping = Pick<SweptThing, 'day'> & {
  readonly options: TriggerOptions;
  readonly stamping: Stamping;
};

/** The record that asks for a test; addresses are built from the configured one, never taken over. */
export function makeSweepTrigger(
  { ref, pull, tag }: Thing,
  repository: EnrolledRepository & Pick<SweptThing, 'isShared'>,
  { day, options, stamping }: Sweeping,
): Trigger {
  const { owner, name, isShared } = repository;
  const { client } = repository.forge;
  const url = repositoryUrl({ forge: client, owner, name });
  const which = {
    ...(pull === undefined ? {} : { pull: pull.number }),
    ...(tag === undefined ? {} : { tag }),
  };
  return stamp(
    {
      type: 'trigger' as const,
      key: sweepKey({ day, forge: client.name, owner, name, isShared, ...which }),
      source: 'sweep' as const,
      forge: client.name,
      owner,
      name,
      recipe: name.toLowerCase(),
      repo: `${url}.git`,
      ref,
      ...(pull === undefined ? {} : { pr: pullFields(pull, url) }),
      options,
    },
    stamping,
  );
}

function pullFields({ number, title, isForeign, base, head }: NonNullable<Thing['pull']>, url: string) {
  return { number, url: `${url}/pulls/${number}`, title, fork: isForeign, base, head };
}
