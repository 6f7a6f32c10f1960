import { join } from 'node:path';
import { routedService } from '@ccci/lib/recipe/labels.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { readKeptDeployment } from '@ccci/lib/stages/kept-deployment.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { taskAddresses } from '@ccci/lib/swarm/tasks.ts';
import type { WorkOptions } from './work.ts';

export type KeepWords = {
  /** Absolute directory of the run. */
  readonly dir: string;
  readonly engine: Engine;
  /** How long ccci-janitor leaves it alone, hours. */
  readonly keptHours: number;
};

/** Says what became of a deployment that was to be kept. */
export async function sayKept(
  results: Results,
  { engine }: Pick<KeepWords, 'engine'>,
  { runs, keptHours, say }: Pick<WorkOptions, 'runs' | 'keptHours' | 'say'>,
): Promise<void> {
  if (results.flags.kept !== true)
    return say(`not kept: ${results.run_id} has no deployment that could be tested`);
  const options = { dir: join(runs, results.run_id), engine, keptHours: keptHours ?? 0 };
  for (const line of await keptWords(results, options)) say(line);
}

/** How a kept deployment is reached, tested again and removed: a line each. */
export async function keptWords(
  { run_id: run }: Pick<Results, 'run_id'>,
  { dir, engine, keptHours }: KeepWords,
): Promise<string[]> {
  const { domain, stack, rendered } = await readKeptDeployment(dir);
  const routed = routedService(rendered);
  const [task] = routed === null ? [] : await taskAddresses(engine, stack, routed.service).catch(() => []);
  const scheme = routed?.tls === true ? 'https' : 'http';
  return [
    `kept: run ${run} stays up as stack ${stack}, domain ${domain}`,
    ...(task === undefined || routed === null
      ? []
      : [
          routed.kind === 'tcp'
            ? `  reach it:   ${task.address} port ${routed.port}`
            : `  reach it:   curl -H 'Host: ${domain}' ${scheme}://${task.address}:${routed.port}/`,
        ]),
    `  look at it: docker stack ps ${stack}`,
    `  test again: ccci-stage --attach ${run} --stages custom`,
    `  remove it:  ccci-janitor --run ${run}  (by itself ${keptHours} h after its last use)`,
  ];
}
