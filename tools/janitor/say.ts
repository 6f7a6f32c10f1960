import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import type { Did, JanitorRecord } from '@ccci/lib/records/janitor.ts';

export type Deed = {
  readonly did: Did;
  readonly what: string;
  readonly why: string;
  readonly run?: string;
};

/** Makes records of what was done. */
export type Say = (deed: Deed) => JanitorRecord;

export function makeSayer(stamping: Stamping, isDry: boolean): Say {
  return (deed) => stamp({ type: 'janitor' as const, ...deed, dry: isDry }, stamping) as JanitorRecord;
}
