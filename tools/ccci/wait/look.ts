import type { LoadedConfig } from '@ccci/lib/config/load.ts';
import type { ForgeClient } from '@ccci/lib/forge/gitea.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { type PullAddress, readPullAddress, readRunAddress } from '../address.ts';
import { fetchResults } from '../fetch.ts';
import { asking, connectTo, readPull } from '../forge.ts';
import { type Answer, answerOfResults, answerOfStatuses } from './answer.ts';

/** Looks once. A `Failure` 69 is passing: the next look may succeed. */
export type Look = () => Promise<Answer>;

/** How to look at what an address names. `Failure` 64 for what is neither a pull request nor a run. */
export async function makeLook(
  target: string,
  config: Pick<LoadedConfig, 'forges' | 'report'>,
  signal: AbortSignal,
): Promise<Look> {
  const pull = readPullAddress(target);
  if (pull !== null) {
    const client = await connectTo(pull, config, signal);
    return () => lookAtPull(client, pull, config.report.context);
  }
  const run = readRunAddress(target);
  if (run !== null) return async () => answerOfResults(await fetchResults(run, signal), run.id);
  throw new Failure(
    exitStatus.usage,
    'bad-value',
    `${JSON.stringify(target)} is no pull request and no run`,
    {
      hint: 'name one, as https://git.example.org/recipes/ghost/pulls/3 or https://ci.example.org/runs/gitea-14497/',
    },
  );
}

/** The head is asked for each time: a push makes another commit the one that counts. */
async function lookAtPull(client: ForgeClient, address: PullAddress, context: string): Promise<Answer> {
  const { owner, name } = address;
  const { head } = await readPull(client, address);
  const statuses = await asking(client, () => client.listStatuses({ owner, name }, head.sha));
  return answerOfStatuses(statuses, context);
}
