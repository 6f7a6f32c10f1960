import type { Channel } from '@ccci/lib/program/channel.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { Outcome } from '@ccci/lib/program/outcome.ts';
import { type Stamping, stamp } from '@ccci/lib/records/encode.ts';
import { keyOf } from '@ccci/lib/state/names.ts';
import { type Brought, bring, type Posted } from './bring.ts';
import type { ReportCounter } from './count.ts';
import type { Desk } from './desk.ts';

type Pass = {
  readonly options: {
    readonly stamping: Stamping;
    readonly outcome: Outcome;
    readonly counter?: Pick<ReportCounter, 'posted'>;
  };
  readonly channel: Channel<object>;
};

/** One pull request, with a `report` record for what was posted; without a token to write with it is left, and said once. */
export async function bringThread(
  files: readonly string[],
  desk: Desk,
  { options, channel }: Pass,
): Promise<Omit<Brought, 'posted'>> {
  try {
    const { posted, ...brought } = await bring(files, desk);
    for (const one of posted) {
      options.counter?.posted(one);
      await channel.push(toRecord(one, options.stamping));
    }
    return brought;
  } catch (error) {
    const stuck = { rest: 'stuck', retryAfterMs: 0, dueMs: null, going: null } as const;
    if ((error as Error).name === 'AbortError') return stuck;
    if (!(error instanceof Failure) || error.status !== exitStatus.configuration) throw error;
    options.outcome.note(exitStatus.configuration);
    await desk.complain(keyOf(files[0] ?? ''), error, false);
    return stuck;
  }
}

function toRecord({ entry, stage, comment }: Posted, stamping: Stamping): object {
  const { key, view, answer, record } = entry;
  return stamp(
    {
      type: 'report',
      key,
      ...(record.type === 'trigger' ? { run: view.run } : {}),
      stage,
      comment,
      status: answer.statuses.at(-1)?.id ?? null,
      page: answer.page,
    },
    stamping,
  );
}
