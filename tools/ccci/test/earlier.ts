import { isLocalPath } from '@ccci/lib/git/address.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { decode } from '@ccci/lib/records/decode.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import type { Trigger } from '@ccci/lib/records/trigger.ts';
import { stageWords } from '@ccci/lib/results/stage-words.ts';
import type { RunAddress } from '../address.ts';
import { fetchBytes, recordingLimit } from '../fetch.ts';

/** The trigger that a published recording begins with; the rest of it is not read. `Failure` 65. */
export async function readRunTrigger({ id, folder }: RunAddress, signal: AbortSignal): Promise<Trigger> {
  const url = `${folder}events.ndjson`;
  const stamping = { by: 'ccci', now: () => new Date(0) };
  for await (const { kind, record } of decode(fetchBytes(url, { limit: recordingLimit, signal }), stamping)) {
    if (kind !== 'record' || record.type !== 'trigger') break;
    return refuseLocal(record as Trigger, id);
  }
  throw new Failure(exitStatus.badInput, 'no-recording', `${url} is no recording of a run`, {
    hint: 'name the page of a run, as https://ci.example.org/runs/gitea-14497/',
  });
}

function refuseLocal(trigger: Trigger, id: string): Trigger {
  if (!isLocalPath(trigger.repo)) return trigger;
  const message = `run ${id} tested ${trigger.repo}, a folder of the machine that it ran on`;
  throw new Failure(exitStatus.badInput, 'not-reachable', message, {
    hint: 'only what was taken from a forge can be tested again elsewhere',
  });
}

/** Whether a run came out as an earlier one did, in one sentence; every stage that did not is named. Pure. */
export function compare(earlier: Results, now: Results): string {
  const before = new Map<string, string>(earlier.stages.map(({ name, status }) => [name, status]));
  const differing = now.stages
    .filter(({ name, status }) => before.has(name) && before.get(name) !== status)
    .map(({ name, status }) => `${stageWords(name)} was ${before.get(name)}, is ${status}`);
  const isSame = earlier.verdict === now.verdict && differing.length === 0;
  if (isSame) return `It came out the same as run ${earlier.run_id}: ${now.verdict}.`;
  const verdicts = `${earlier.verdict} there, ${now.verdict} here`;
  const stages = differing.length === 0 ? '' : ` (${differing.join('; ')})`;
  return `It did not come out the same as run ${earlier.run_id}: ${verdicts}${stages}.`;
}
