import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { type Trigger, triggerExample } from '@ccci/lib/records/trigger.ts';
import { writeAccepted } from '@ccci/lib/state/accepted.ts';
import { journalPath, prepareState } from '@ccci/lib/state/layout.ts';
import { queueName } from '@ccci/lib/state/names.ts';
import { startBox } from '../support/engine/box.ts';
import { organisation, type SiteRecipe } from '../support/journey/site.ts';
import { type Figure, figure, limited } from './figure.ts';
import { type RunningHost, runningHost } from './host.ts';

const rounds = 20;
const limitMs = 1_000;
const patienceMs = 60_000;
/** Refused before anything of it is deployed: what comes after the first record is not measured. */
const recipe = 'hostile-host-mount';

/** Where a stage works, and how it is made to begin once there is work. */
type Place = { readonly state: string; readonly runs: string };

/**
 * From the moment at which a trigger lies in `queue/new` to the first record of a stage of its run: through the path unit of a real
 * systemd, and, in turns with that, by the same program started at once on a queue of its own.
 */
export async function* pathActivation(): AsyncGenerator<Figure> {
  const box = await startBox();
  // An engine elsewhere is anybody's who reaches it: its unit has no group for a socket of this machine.
  chmodSync(box.socket, 0o666);
  const options = {
    recipes: [recipe],
    settings:
      'stage.idleSeconds = 1; settings.stage = { screenshots = false; card = false; minMemoryMb = 0; };',
    binds: [{ from: box.socket, to: '/run/docker.sock' }],
  };
  try {
    for await (const host of runningHost(options)) {
      const [ours, direct]: [number[], number[]] = [[], []];
      for (let round = 0; round < rounds; round += 1) {
        ours.push(await throughUnit(host, round));
        direct.push(await byHand(host, box.dockerHost, round));
        process.stderr.write(`path-activation: ${ours.at(-1)} ms by the unit, ${direct.at(-1)} ms by hand\n`);
      }
      const [half, most] = [at(0.5, ours), at(0.95, ours)];
      const against = 'the same program started by hand';
      yield figure({
        bench: 'path activation p50',
        ours: half,
        peer: at(0.5, direct),
        unit: 'ms',
        against,
        goal: 2,
      });
      yield figure({
        bench: 'path activation p95',
        ours: most,
        peer: at(0.95, direct),
        unit: 'ms',
        against,
        goal: 2,
      });
      yield limited({ bench: `path activation, p95 of ${rounds}`, ours: most, unit: 'ms' }, limitMs);
    }
  } finally {
    await box.stop();
  }
}

async function throughUnit({ lab, site }: RunningHost, round: number): Promise<number> {
  const place = { state: lab.path('/var/lib/ccci'), runs: lab.path('/var/lib/cc-ci-runs') };
  const trigger = makeTrigger(site.forge.url, site.recipes[0] as SiteRecipe, round);
  const sinceMs = await handIn(place, trigger);
  const tookMs = (await firstRecordAt(place, trigger)) - sinceMs;
  const group = lab.path('/sys/fs/cgroup/system.slice/ccci-stage.service');
  await until(() => isOver(place, trigger) && !existsSync(group), 'the stage to leave');
  return tookMs;
}

async function byHand({ built, site }: RunningHost, dockerHost: string, round: number): Promise<number> {
  const place = { state: join(site.dir, 'by-hand'), runs: join(site.dir, 'by-hand-runs') };
  await prepareState(place.state);
  const trigger = makeTrigger(site.forge.url, site.recipes[0] as SiteRecipe, round);
  const sinceMs = await handIn(place, trigger);
  const line = String(built.units.services['ccci-stage']?.serviceConfig?.ExecStart).split(' ');
  const [program = '', , config = ''] = line;
  const args = [
    '--config',
    config,
    '--spool',
    place.state,
    '--runs',
    place.runs,
    '--docker-host',
    dockerHost,
  ];
  const stage = spawn(program, [...args, '--idle-ms', '1'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const closed = once(stage, 'close');
  const tookMs = (await firstRecordAt(place, trigger)) - sinceMs;
  await closed;
  return tookMs;
}

function makeTrigger(forge: string, { name, pull, head }: SiteRecipe, round: number): Trigger {
  const now = new Date().toISOString();
  const { pr, comment, ...common } = triggerExample;
  return {
    ...common,
    at: now,
    key: `gitea-${round + 1}`,
    owner: organisation,
    name,
    recipe: name,
    repo: `${forge}/${organisation}/${name}.git`,
    ref: head,
    pr: { ...pr!, number: pull, head: { ...pr!.head, sha: head } },
    comment: { ...comment!, id: round + 1, created: now },
    options: { quick: true },
  };
}

/** As ccci-dedupe does; gives the time at which it lay in the queue, ms since 1970. */
async function handIn({ state }: Place, trigger: Trigger): Promise<number> {
  const name = queueName(trigger);
  await writeAccepted(state, name, trigger);
  const temporary = join(state, 'queue', 'tmp', name);
  writeFileSync(temporary, encodeLine(trigger));
  chmodSync(temporary, 0o660);
  const now = Date.now();
  renameSync(temporary, journalPath(state, 'new', name));
  return now;
}

/** When its first stage began, ms since 1970; what comes before it in the run's file is as old as the trigger. */
async function firstRecordAt({ runs }: Place, { key }: Trigger): Promise<number> {
  const path = join(runs, String(key), 'events.ndjson');
  const first = () =>
    existsSync(path)
      ? /^{"type":"stage\.started".*"at":"([^"]+)".*\n/m.exec(readFileSync(path, 'utf8'))?.[1]
      : undefined;
  await until(() => first() !== undefined, `the first stage of ${key}`);
  return Date.parse(String(first()));
}

function isOver({ runs }: Place, { key }: Trigger): boolean {
  return existsSync(join(runs, String(key), 'results.json'));
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  const sinceMs = performance.now();
  while (!isSo()) {
    if (performance.now() - sinceMs > patienceMs) throw new Error(`waited ${patienceMs} ms for ${what}`);
    await wait(10);
  }
}

function at(share: number, numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1]!;
}
