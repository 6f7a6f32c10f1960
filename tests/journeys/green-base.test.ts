import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Results, resultsExample } from '@ccci/lib/records/results.ts';
import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { leftOnEngine, nothing } from '../support/journey/left.ts';
import { byHand, checkOut, type Home, makeHome, startStage } from '../tools/stage/home.ts';

await enterBox(import.meta.url);

t.test(
  'L38 a base that does not start gives way to the last version that was green here, said so',
  async (t) => {
    const home = makeHome(t.testdir());
    const checkout = await checkOut(home, 'steps-back');
    const first = await run(home, [byHand(checkout)]);
    t.match(first, {
      verdict: 'incomplete',
      base: '1.1.0+1.1.0',
      rungs: { install: 'pass', upgrade: 'unver' },
    });
    t.match(summaryOf(first), /^the base 1\.1\.0\+1\.1\.0 could not be installed: .*cannot start/);

    wasGreen(home, '1.0.0+1.0.0');
    const second = await run(home, [byHand(checkout)]);
    t.match(second, { verdict: 'green', level: 5, base: '1.0.0+1.0.0', rungs: { upgrade: 'pass' } });
    t.match(
      summaryOf(second),
      /^upgraded from 1\.0\.0\+1\.0\.0, the last published version that was green here \(the base 1\.1\.0\+1\.1\.0 could not/,
    );
    t.equal(second.flags.clean_teardown, true);
    t.same(leftOnEngine('step'), nothing);
  },
);

async function run(home: Home, input: readonly object[]): Promise<Results> {
  const { exit, records, stderr } = await startStage(home, input).ended;
  t.equal(exit, 0, stderr);
  const id = String(records.find((record) => record.type === 'run.started')?.run);
  return JSON.parse(readFileSync(join(home.runs, id, 'results.json'), 'utf8')) as Results;
}

/** What an earlier full run of that version has left. */
function wasGreen(home: Home, version: string): void {
  const dir = join(home.runs, 'sweep-20260101-steps-back');
  mkdirSync(dir, { recursive: true });
  const own = { run_id: 'sweep-20260101-steps-back', recipe: 'steps-back', verdict: 'green', scope: 'full' };
  writeFileSync(join(dir, 'results.json'), JSON.stringify({ ...resultsExample, ...own, version }));
}

function summaryOf(results: Results): string {
  return results.stages.find(({ name }) => name === 'upgrade')?.summary ?? '';
}
