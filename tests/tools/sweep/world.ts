import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SweptKind } from '@ccci/lib/config/schema.ts';
import { connectForge } from '@ccci/lib/forge/gitea.ts';
import { type Results, resultsExample } from '@ccci/lib/records/results.ts';
import { triggerSchema } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { readOutcomes } from '@ccci/lib/runs/outcomes.ts';
import { execaSync } from 'execa';
import type { Test } from 'tap';
import type { SweptForge } from '../../../tools/sweep/forges.ts';
import { type SweepOptions, sweep } from '../../../tools/sweep/sweep.ts';
import { newTally } from '../../../tools/sweep/tally.ts';
import { type Commits, makeRepository } from '../../support/forge/fixture.ts';
import { type Forge, startForge } from '../../support/forge/forge.ts';

/** What of the configuration a test says of a forge; `url` is the test forge's unless given. */
export type Enrolled = {
  readonly name?: string;
  readonly url?: string;
  readonly organisations?: readonly string[];
  readonly repositories?: readonly string[];
};

export type SweepGiven = Partial<Omit<SweepOptions, 'forges'>> & {
  readonly of?: SweptKind;
  readonly forges?: readonly Enrolled[];
};

export type RecipeGiven = {
  /** Version tags on the tip, annotated. */
  readonly tags?: readonly string[];
  readonly private?: boolean;
  readonly pulls?: boolean;
  readonly empty?: boolean;
};

/** A real forge with users `mia` and `bot`, and sweeps over it; it ends with the test and must have done nothing wrong. */
export async function startSweeping(t: Test) {
  const dir = t.testdir({ runs: {}, state: {} });
  const clock = { ms: Date.parse('2026-11-23T10:15:00Z') };
  const commits = makeRepository(join(dir, 'template.git'));
  const forge = await startForge({ root: dir, validate: true, now: () => clock.ms, utcOffsetMinutes: 60 });
  t.teardown(async () => {
    await forge.close();
    if (forge.problems.length > 0) throw new Error(forge.problems.join('\n'));
  });
  const [mia, bot] = [forge.addUser('mia'), forge.addUser('bot')];
  const token = bot.token(['read:repository', 'read:issue', 'read:organization', 'read:user']);
  const stopping = new AbortController();
  const runs = join(dir, 'runs');

  const connect = (given: Enrolled): SweptForge => ({
    client: connectForge({
      name: given.name ?? 'git',
      url: given.url ?? forge.url,
      token,
      requestMs: 20_000,
      signal: stopping.signal,
      retries: 0,
      now: () => new Date(clock.ms),
    }),
    organisations: given.organisations ?? [],
    repositories: given.repositories ?? [],
  });

  /** One sweep; all triggers must be valid. */
  const run = async ({ forges = [{ organisations: ['org'] }], ...given }: SweepGiven = {}) => {
    forge.clearRequests();
    const said: string[] = [];
    const tally = newTally(given.of ?? 'tips');
    const options: SweepOptions = {
      forges: forges.map(connect),
      of: 'tips',
      only: null,
      outcomes: await readOutcomes(runs),
      day: '20261123',
      options: {},
      stamping: { by: 'ccci-sweep/test', now: () => new Date(clock.ms) },
      log: listen(said),
      tally,
      signal: stopping.signal,
      progress: () => {},
      wait: async (ms) => void said.push(`waited ${ms} ms`),
      ...given,
    };
    const records: AnyRecord[] = [];
    for await (const record of sweep(options)) {
      if (record.type === 'trigger') triggerSchema.parse(record);
      records.push(record);
    }
    const triggers = records.filter(({ type }) => type === 'trigger');
    return {
      records,
      triggers,
      keys: triggers.map(({ key }) => key),
      errors: records.filter(({ type }) => type === 'error'),
      said,
      tally,
      asked: forge.requests.map(({ path }) => path.replace(/\?.*/, '').replace('/api/v1', '')),
    };
  };

  return {
    dir,
    runs,
    clock,
    commits,
    forge,
    mia,
    bot,
    token,
    stopping,
    run,
    addRecipe: (owner: string, name: string, given: RecipeGiven = {}) =>
      addRecipe(forge, { dir, owner, name }, given),
    addRun: (run_id: string, fields: Partial<Results>) =>
      addRun(runs, run_id, { ref: short(commits), ...fields }),
  };
}

/** The first 12 digits of the tip, as `results.json` has them. */
export function short({ base }: Commits): string {
  return base.slice(0, 12);
}

/** What is said, one line each: `info …`. */
function listen(said: string[]): SweepOptions['log'] {
  const hear = (level: string) => (message: string) => void said.push(`${level} ${message}`);
  return { info: hear('info'), warning: hear('warning'), error: hear('error') };
}

type Place = { readonly dir: string; readonly owner: string; readonly name: string };

function addRecipe(forge: Forge, { dir, owner, name }: Place, given: RecipeGiven): { readonly path: string } {
  const { tags = [], private: isPrivate = false, pulls = true, empty = false } = given;
  const path = join(dir, `${owner}-${name}.git`);
  if (empty) execaSync('git', ['init', '-q', '--bare', '-b', 'main', path]);
  else cpSync(join(dir, 'template.git'), path, { recursive: true });
  for (const tag of tags) addTag(path, tag);
  forge.addRepository(owner, name, path, { private: isPrivate, pulls });
  return { path };
}

/** An annotated tag, or with `lightweight` none. */
export function addTag(path: string, tag: string, commit = 'main', lightweight = false): void {
  const who = ['-c', 'user.name=mia', '-c', 'user.email=mia@example.org'];
  execaSync('git', [...who, 'tag', ...(lightweight ? [] : ['-a', '-m', tag]), tag, commit], { cwd: path });
}

/** A run that has its results; a green full one of `ghost` unless told otherwise. */
function addRun(runs: string, run_id: string, fields: Partial<Results>): void {
  mkdirSync(join(runs, run_id), { recursive: true });
  const results = { ...resultsExample, run_id, recipe: 'ghost', verdict: 'green', finished: 1000, ...fields };
  writeFileSync(join(runs, run_id, 'results.json'), JSON.stringify(results));
}
