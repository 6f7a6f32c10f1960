import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { statePaths } from '@ccci/lib/state/layout.ts';
import { keyOf } from '@ccci/lib/state/names.ts';
import { parseLines } from '@ccci/lib/state/ndjson.ts';
import type { SeenStatus } from '../forge/talk.ts';
import { bot, organisation, type QuickSite, type SitePull } from './site.ts';

/**
 * A comment that was written, and what has to become of it: a green run, a `drop` that is answered, or, of what was
 * cancelled or overtaken meanwhile, either (`any`). `none` is answered by nothing at all.
 */
export type Asked = {
  readonly id: number;
  readonly pull: SitePull;
  readonly becomes: 'run' | 'drop' | 'any' | 'none';
};

/** What is wrong at rest, in words: what was asked and not done, and what was done more than once. */
export type Wrong = { readonly lost: readonly string[]; readonly doubled: readonly string[] };

/** Looks at state, runs and forge of a site where nothing is going on any more. */
export function lookAtRest(site: QuickSite, asked: readonly Asked[]): Wrong {
  const facts = readFacts(site);
  const found = [
    ...asked.flatMap((one) => lookAtVerdict(one, facts)),
    ...asked.flatMap((one) => lookAtReaction(one, site)),
    ...pullsOf(asked).flatMap((pull) =>
      lookAtPull(
        pull,
        asked.filter((one) => one.pull === pull),
        site,
      ),
    ),
    ...facts.left.map((file) => lost(`${file} is not done`)),
    ...site.forge.problems.map((problem) => lost(`the forge: ${problem}`)),
  ];
  return {
    lost: found.flatMap(({ kind, says }) => (kind === 'lost' ? [says] : [])),
    doubled: found.flatMap(({ kind, says }) => (kind === 'doubled' ? [says] : [])),
  };
}

type Found = { readonly kind: 'lost' | 'doubled'; readonly says: string };

const lost = (says: string): Found => ({ kind: 'lost', says });
const doubled = (says: string): Found => ({ kind: 'doubled', says });

/** Of each key the runs that came to an end, by journal and by directory, and whether it was dropped. */
type Facts = {
  readonly runs: ReadonlyMap<string, ReadonlySet<string>>;
  readonly green: ReadonlySet<string>;
  readonly drops: ReadonlySet<string>;
  /** What still waits or runs, or lies in the inbox. */
  readonly left: readonly string[];
};

function readFacts({ state, runs }: QuickSite): Facts {
  const { queue, in: inbox } = statePaths(state);
  const ended = new Map<string, Set<string>>();
  const green = new Set<string>();
  const drops = new Set<string>();
  const add = (key: string, run: string, verdict: unknown) => {
    ended.set(key, (ended.get(key) ?? new Set()).add(run));
    if (verdict === 'green') green.add(run);
  };
  for (const { file, records } of journalsIn(queue.done)) {
    for (const record of records) {
      if (record.type === 'run.finished') add(keyOf(file), String(record.run), record.verdict);
      if (record.type === 'drop') drops.add(keyOf(file));
    }
  }
  for (const id of list(runs)) {
    const results = readJson(join(runs, id, 'results.json'));
    if (results !== undefined) add(id.replace(/\.\d+$/, ''), id, results.verdict);
  }
  const left = [...list(queue.new), ...list(queue.cur), ...list(inbox.ready)];
  return { runs: ended, green, drops, left };
}

function lookAtVerdict({ id, becomes }: Asked, { runs, green, drops }: Facts): Found[] {
  const key = `gitea-${id}`;
  const ended = [...(runs.get(key) ?? [])];
  if (becomes === 'none') return ended.map((run) => doubled(`${key} is none of ours, and ${run} ran`));
  if (ended.length > 1) return [doubled(`${key} has ${ended.length} verdicts: ${ended.join(', ')}`)];
  if (becomes === 'run') {
    if (ended[0] === undefined) return [lost(`${key} has no verdict`)];
    return green.has(ended[0]) ? [] : [lost(`${ended[0]} is not green`)];
  }
  if (becomes === 'drop' && ended.length > 0) return [doubled(`${key} was to be dropped, and ran`)];
  return ended.length > 0 || drops.has(key) ? [] : [lost(`${key} was forgotten`)];
}

function lookAtReaction({ id, becomes }: Asked, { forge }: QuickSite): Found[] {
  const ours = forge.reactions(id).filter(({ user }) => user === bot);
  if (becomes === 'none' || ours.length === 1) return [];
  return ours.length === 0
    ? [lost(`comment ${id} has no reaction`)]
    : [doubled(`reactions to comment ${id}`)];
}

/** One comment of ours, and the newest status of every context says the verdict. */
function lookAtPull(pull: SitePull, asked: readonly Asked[], { forge }: QuickSite): Found[] {
  const name = `${pull.name}#${pull.number}`;
  const ours = forge.comments(organisation, pull.name, pull.number).filter(({ user }) => user === bot);
  const isAnswered = asked.some(({ becomes }) => becomes === 'run' || becomes === 'drop');
  const found: Found[] = [];
  if (ours.length === 0 && isAnswered) found.push(lost(`${name} has no comment of ours`));
  if (ours.length > 1) found.push(doubled(`${name} has ${ours.length} comments of ours`));
  const statuses = newest(forge.statuses(organisation, pull.name, pull.head));
  const isRun = asked.some(({ becomes }) => becomes === 'run');
  if (isRun && statuses.length === 0) found.push(lost(`${name} has no status`));
  for (const { context, state } of statuses) {
    const isRight = isRun ? state === 'success' : state !== 'pending';
    if (!isRight) found.push(lost(`the status ${context} of ${name} is ${state}`));
  }
  return found;
}

function newest(statuses: readonly SeenStatus[]): SeenStatus[] {
  return [...new Map(statuses.map((status) => [status.context, status])).values()];
}

function pullsOf(asked: readonly Asked[]): SitePull[] {
  return [...new Set(asked.map(({ pull }) => pull))];
}

function journalsIn(folder: string): { file: string; records: AnyRecord[] }[] {
  return list(folder).map((name) => ({
    file: name.replace(/\.ndjson$/, ''),
    records: parseLines(readFileSync(join(folder, name), 'utf8')),
  }));
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function readJson(path: string): { readonly verdict?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as { readonly verdict?: unknown };
  } catch {
    return undefined;
  }
}
