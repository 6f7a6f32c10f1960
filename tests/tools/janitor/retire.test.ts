import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JanitorRecord } from '@ccci/lib/records/janitor.ts';
import { resultsExample } from '@ccci/lib/records/results.ts';
import { listRemoved, removeOfRun } from '@ccci/lib/runs/dead.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { lockFile } from '@ccci/lib/state/lock.ts';
import fc from 'fast-check';
import t from 'tap';
import type { JanitorOptions } from '../../../tools/janitor/janitor.ts';
import { decideRetired, decideSpare, isAttached, type KeptRun } from '../../../tools/janitor/retention.ts';
import { retire } from '../../../tools/janitor/retire.ts';
import { makeSayer } from '../../../tools/janitor/say.ts';
import { clearRemoved } from '../../../tools/janitor/temporary.ts';
import { parseMetrics } from '../../lib/metrics/parse.ts';
import { makeHome } from '../stage/home.ts';
import { start } from '../stage/start.ts';

const day = 86_400;
const now = new Date('2026-11-23T10:15:00.000Z');
const nowSeconds = now.getTime() / 1000;

/** Thousands of runs of a few recipes, of any age. */
const trees = fc
  .array(
    fc.record({
      recipe: fc.constantFrom('ghost', 'Ghost', 'plausible', 'n8n'),
      scope: fc.constantFrom('full', 'partial'),
      verdict: fc.constantFrom('green', 'red', 'infra'),
      version: fc.constantFrom(null, '1.0.0+1', '1.1.0+1', '1.2.0+1', '2.0.0+2', '2.1.0+2'),
      attached: fc.integer({ min: 0, max: 4 }),
      finished: fc.integer({ min: 1, max: 400 * day }).map((ago) => nowSeconds - ago),
    }),
    { minLength: 1, maxLength: 3_000, size: 'max' },
  )
  .map((rows) =>
    rows.map(
      ({ attached, ...run }, index): KeptRun => ({
        id: `r-${index}${attached === 0 ? '.attach-1' : ''}`,
        ...run,
      }),
    ),
  );

t.test('what goes is old, and neither among the newest nor a green one that is needed', async () => {
  const retention = { nowMs: now.getTime(), keepDays: 30, keepRuns: 20 };
  fc.assert(
    fc.property(trees, (runs) => {
      const retired = new Set(decideRetired(runs, retention));
      const spare = new Set(decideSpare(runs));
      for (const recipe of new Set(runs.map((run) => run.recipe.toLowerCase()))) {
        const ofIt = runs
          .filter((run) => run.recipe.toLowerCase() === recipe)
          .sort((a, b) => b.finished - a.finished || (a.id < b.id ? 1 : -1));
        const counted = ofIt.filter(({ id }) => !isAttached(id));
        const green = ofIt.find(({ scope, verdict }) => scope === 'full' && verdict === 'green');
        const isKept = (run: KeptRun | undefined) =>
          run === undefined || (!retired.has(run.id) && !spare.has(run.id));
        if (!isKept(green)) throw new Error('the last green full run goes');
        const base = ofIt.find(
          ({ scope, verdict, version }) =>
            scope === 'full' && verdict === 'green' && version !== green?.version,
        );
        if (!isKept(base)) throw new Error('the green version before it goes');
        if (counted[0] !== undefined && spare.has(counted[0].id)) throw new Error('the newest is spare');
        for (const run of counted.slice(0, 20))
          if (retired.has(run.id)) throw new Error('one of the newest goes');
        for (const run of ofIt)
          if (retired.has(run.id) && nowSeconds - run.finished <= 30 * day)
            throw new Error('a young one goes');
        const left = ofIt.filter((run) => !retired.has(run.id) && nowSeconds - run.finished > 30 * day);
        if (left.length > 23) throw new Error('old ones are left');
      }
    }),
    { numRuns: 20, seed: 5 },
  );
});

t.test('over the quota the oldest go, whole, whatever their age; a dry run says the same', async (t) => {
  const { runs, said } = await world(t.testdir(), { quotaMb: 0.5 });
  for (let index = 0; index < 10; index += 1) {
    const verdict = index === 1 ? 'green' : 'red';
    makeRun(runs, `r-${index}`, { verdict, daysOld: 10 - index, kib: 100 });
  }
  const live = await lockFile(join(runs, 'r-2', 'lock'));
  t.teardown(() => live?.release());
  writeFileSync(join(runs, 'r-3', 'kept'), now.toISOString());
  const dry = await said({ isDry: true });
  t.equal((await listRuns(runs)).length, 10, 'nothing is touched');
  const done = await said({});
  t.same(
    done.map(({ what, why }) => [what, why]),
    dry.map(({ what, why }) => [what, why]),
  );
  t.same(await listRuns(runs), ['r-1', 'r-2', 'r-3', 'r-9'], 'green, running, kept, newest');
  t.match(done[0], { did: 'removed', why: 'all runs together take more than 0.5 MiB' });
  t.same(await said({}), [], 'and then it is content');
  t.same(await said({ quotaMb: null }), []);
});

t.test('of many runs those that are kept are whole', async (t) => {
  const { runs, said } = await world(t.testdir(), { keepDays: 30, keepRuns: 20 });
  for (let index = 0; index < 200; index += 1)
    makeRun(runs, `r-${String(index).padStart(4, '0')}`, {
      verdict: index === 3 ? 'green' : 'red',
      recipe: index % 2 === 0 ? 'even' : 'odd',
      daysOld: 300 - index,
    });
  const dry = await said({ isDry: true });
  const done = await said({});
  t.equal(done.length, 159);
  t.same(
    done.map(({ what }) => what),
    dry.map(({ what }) => what),
  );
  const left = await listRuns(runs);
  t.equal(left.length, 41);
  t.ok(left.includes('r-0003'), 'the last green one');
  for (const id of left)
    t.same(readdirSync(join(runs, id)).sort(), ['events.ndjson', 'lock', 'logs', 'results.json']);
});

t.test(
  'a janitor that is killed in the middle leaves a run whole or gone; the next one ends it',
  async (t) => {
    const { options, runs } = await world(t.testdir(), {});
    makeRun(runs, 'big', { daysOld: 1, files: 2_000 });
    makeRun(runs, 'other', { daysOld: 1 });
    const module = join(import.meta.dirname, '..', '..', '..', 'lib', 'runs', 'dead.ts');
    const code = `import { removeOfRun } from ${JSON.stringify(module)};
    process.stdout.write('begin');
    await removeOfRun(${JSON.stringify(runs)}, 'big', 'all');`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.once('data', () => {
      // As soon as it has its new name, or even before that.
      const look = setInterval(() => {
        if (existsSync(join(runs, 'big'))) return;
        clearInterval(look);
        child.kill('SIGKILL');
      }, 1);
      child.once('exit', () => clearInterval(look));
    });
    await once(child, 'exit');
    t.same(await listRuns(runs), ['other'], 'nobody sees half a run');
    mkdirSync(join(runs, '.big.removed', 'logs'), { recursive: true });
    const records: JanitorRecord[] = [];
    for await (const record of clearRemoved({ ...options, isDry: true })) records.push(record);
    t.same(await listRemoved(runs), ['big'], 'a dry run touches nothing');
    for await (const record of clearRemoved(options)) records.push(record);
    t.same(await listRemoved(runs), []);
    t.match(records, [{ what: 'rest of the directory of run big' }, { did: 'removed', run: 'big' }]);
    await removeOfRun(runs, 'nobody', 'all');
  },
);

t.test(
  'ccci-janitor: --quota is a size, --run names a run, and what it found is in its metrics',
  async (t) => {
    const home = makeHome(t.testdir());
    await prepareState(home.state);
    for (let index = 0; index < 4; index += 1)
      makeRun(home.runs, `r-${index}`, { daysOld: 4 - index, kib: 600 });
    mkdirSync(join(home.dir, 'text'));
    const config = join(home.dir, 'ccci.json');
    writeFileSync(config, JSON.stringify({ metrics: { directory: './text' } }));
    const env = { ...home.env, DOCKER_HOST: 'unix:///nowhere/docker.sock', CCCI_CONFIG: config };
    const janitor = (...args: string[]) => start(['ccci-janitor', ...args], { cwd: home.dir, env }).ended;
    t.match(await janitor('--quota', 'much'), {
      exit: 64,
      stderr: /--quota is "much"; expected a size such as 20G/,
    });
    t.match(await janitor('--run', '../r-1'), { exit: 69, stderr: /there is no run "\.\.\/r-1"/ });
    const { exit, records, stderr } = await janitor('--quota', '1500K');
    t.equal(exit, 69, stderr);
    t.same(
      records.map(({ run }) => run),
      ['r-0', 'r-1'],
    );
    const read = parseMetrics(readFileSync(join(home.dir, 'text', 'ccci-janitor.prom'), 'utf8'));
    const value = (name: string) => read.get(name)?.samples[0]?.value;
    t.equal(value('ccci_janitor_removed_total'), 2);
    t.equal(value('ccci_leftovers'), 0);
    t.equal(value('ccci_slots_closed'), 0);
    t.ok((value('ccci_disk_free_bytes') ?? 0) > 0);
    const before = readFileSync(join(home.dir, 'text', 'ccci-janitor.prom'), 'utf8');
    await janitor('--dry-run');
    t.equal(
      readFileSync(join(home.dir, 'text', 'ccci-janitor.prom'), 'utf8'),
      before,
      'a dry run writes none',
    );
  },
);

type World = {
  readonly runs: string;
  readonly options: JanitorOptions & { readonly warned: string[] };
  readonly said: (more: Partial<JanitorOptions>) => Promise<JanitorRecord[]>;
};

async function world(dir: string, given: Partial<JanitorOptions>): Promise<World> {
  const [state, runs] = [join(dir, 'state'), join(dir, 'runs')];
  await prepareState(state);
  mkdirSync(runs);
  const warned: string[] = [];
  const options = {
    ...{ state, runs, engine: null, owner: 'x', domain: 'ccci.test', withShared: false, only: null, warned },
    ...{
      keptHours: 24,
      quotaMb: null,
      keepDays: 365,
      keepRuns: 20,
      keepBrokenDays: 2,
      imagesAbovePercent: 80,
    },
    ...{
      isDry: false,
      now: () => now,
      wait: async () => {},
      warn: (words: string) => void warned.push(words),
    },
    ...{ stopping: new AbortController().signal, say: makeSayer({ by: 'test', now: () => now }, false) },
    ...given,
  };
  const said = async (more: Partial<JanitorOptions>) => {
    const records: JanitorRecord[] = [];
    const isDry = more.isDry === true;
    const say = makeSayer({ by: 'test', now: () => now }, isDry);
    for await (const record of retire({ ...options, ...more, say })) records.push(record);
    return records;
  };
  return { runs, options, said };
}

type Made = {
  readonly daysOld: number;
  readonly verdict?: 'green' | 'red';
  readonly recipe?: string;
  readonly kib?: number;
  readonly files?: number;
};

function makeRun(
  runs: string,
  id: string,
  { daysOld, verdict = 'red', recipe = 'ghost', kib = 0, files = 1 }: Made,
) {
  const dir = join(runs, id);
  mkdirSync(join(dir, 'logs'), { recursive: true });
  const finished = nowSeconds - daysOld * day;
  writeFileSync(
    join(dir, 'results.json'),
    JSON.stringify({ ...resultsExample, run_id: id, recipe, verdict, finished, environment: {} }),
  );
  writeFileSync(join(dir, 'lock'), '');
  writeFileSync(join(dir, 'events.ndjson'), '');
  for (let index = 0; index < files; index += 1)
    writeFileSync(join(dir, 'logs', `app-${index}.log`), 'x'.repeat(kib * 1024));
}
