import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stackName } from '@ccci/lib/recipe/names.ts';
import { listRuns } from '@ccci/lib/runs/list.ts';
import { readEvents } from '@ccci/lib/runs/read.ts';
import { readResults } from '@ccci/lib/runs/results.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { shell } from '../support/journey/pipeline.ts';
import { checkOut, makeHome, touch } from '../tools/stage/home.ts';

await enterBox(import.meta.url);

/** The two lines that have to print every field (issue 2, Results). */
const lines = [
  '{level,recipe,ref,results,rungs,stages:(.stages|map({name,status}))}',
  '{run_id, pr, recipe, ref, level, results, stages: (.stages | map({name,status,summary}))}',
];

t.test('at home: a checkout as it is, with no forge at all', async (t) => {
  const home = makeHome(t.testdir());
  const recipe = await checkOut(home, 'good', { as: 'home' });
  touch(recipe, 'compose.yml');
  const { exit, stderr, text } = await atHome(home, 'ccci-stage --recipe ./home | ccci-report --format text');
  t.equal(exit, 0, stderr);
  const short = recipe.commit.slice(0, 12);
  t.match(text, new RegExp(`${short}\\+U`), 'the commit is shown with what is not committed');
  t.match(text, /\+U with files that are not committed/, 'and it is said in words');
  t.match(text, /level 5/i);

  const [run = ''] = await listRuns(home.runs);
  const results = await readResults(home.runs, run);
  t.match(results, { kind: 'hand', recipe: 'home', verdict: 'green', level: 5, ref: `${short}+U` });
  const events = [];
  for await (const event of readEvents(home.runs, run)) events.push(event);
  t.same(
    events.slice(0, 5).map(({ type, stage }) => (stage === undefined ? type : `${type} ${stage}`)),
    ['trigger', 'stage.started checkout', 'plan', 'run.started', 'stage.finished checkout'],
    'the recording begins with the trigger, and the checkout is told while it goes on',
  );
  const dir = join(home.runs, run);
  for (const line of lines) {
    const printed = JSON.parse(
      execFileSync('jq', ['-c', line, 'results.json'], { cwd: dir, encoding: 'utf8' }),
    );
    t.notOk(holdsNothing(printed, ['pr', 'summary']), `every field is there: ${line}`);
  }
  const again = await atHome(home, `ccci-report --format text < ${dir}/events.ndjson`);
  t.equal(again.text, text, 'the recording makes the same text');
  t.notOk(existsSync(join(dir, 'work')));
  const started = events.find(({ type }) => type === 'run.started');
  t.same(leftOnEngine(stackName(String(started?.domain))), nothing);
});

async function atHome(
  home: { readonly dir: string; readonly env: Readonly<Record<string, string>> },
  line: string,
) {
  const { exit, stderr } = await shell({ dir: home.dir, env: { ...home.env } }, `${line} > text`);
  return { exit, stderr, text: execFileSync('cat', ['text'], { cwd: home.dir, encoding: 'utf8' }) };
}

/** Whether any field of what jq printed is null; some may be. */
function holdsNothing(value: unknown, except: readonly string[]): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]) => !except.includes(key) && holdsNothing(inner, except));
}
