import type { StageName, Status } from '@ccci/lib/records/common.ts';
import type { Rungs } from '@ccci/lib/records/results.ts';
import { buildResults } from '@ccci/lib/results/build.ts';
import { levelOf } from '@ccci/lib/results/level.ts';
import fc from 'fast-check';
import t from 'tap';
import { facts, plan, type row, row as rowOf, rows } from './facts.ts';

const letters = { p: 'pass', f: 'fail', s: 'skip', u: 'unver' } as const satisfies Record<string, Status>;
type Letter = keyof typeof letters;

/** `ppsfu`: install to lint, a letter each; all 4^5 of them. */
const words = [...'pfsu'].flatMap((a) =>
  [...'pfsu'].flatMap((b) =>
    [...'pfsu'].flatMap((c) => [...'pfsu'].flatMap((d) => [...'pfsu'].map((e) => a + b + c + d + e))),
  ),
);

/** The other way round than the code: how far `p` and `s` reach, up to the last `p`. */
function levelOfWord(word: string): number {
  return (/^[ps]*p/.exec(word)?.[0] ?? '').length;
}

t.test('1,024 rows: five rungs, four statuses', async (t) => {
  t.equal(new Set(words).size, 1024);
  t.same(
    words.filter((word) => levelOf(rungs(word)) !== levelOfWord(word)),
    [],
  );
});

t.test('as many rows of each level as can be counted by hand', async (t) => {
  // Level k: rung k passed, each below is one of two; above it skips and then one of two that block, or skips alone.
  const byHand = { 5: 16, 4: 8 * 3, 3: 4 * 11, 2: 2 * 43, 1: 171, 0: 1024 - 341 };
  const counted = [0, 1, 2, 3, 4, 5].map(
    (level) => words.filter((word) => levelOf(rungs(word)) === level).length,
  );
  t.same(counted, Object.values(byHand));
});

t.test('1,024 rows: from the stages of a run, and from its plan, to rungs and level', async (t) => {
  const wrong: string[] = [];
  for (const word of words) {
    const { level, exercised, rungs: found } = buildResults(runOf(word));
    // Lint is never skipped: what says so did not run (stages.md, Level).
    const meant = word.replace(/s$/, 'u');
    const counts = meant.replaceAll(/[su]/g, '').length;
    if (level !== levelOfWord(meant) || exercised !== counts || wordOf(found) !== meant) wrong.push(word);
  }
  t.same(wrong, []);
});

t.test('16 rows: backup and restore to their rung', async (t) => {
  // The worse of the two, from bad to good: f, u, s, p.
  const table = 'pp=p ps=s pu=u pf=f sp=s ss=s su=u sf=f up=u us=u uu=u uf=f fp=f fs=f fu=f ff=f';
  for (const [backup, restore, , rung] of table.split(' ') as unknown as [Letter, Letter, string, Letter][]) {
    const stages = rows({
      backup: rowOf('backup', letters[backup]),
      restore: rowOf('restore', letters[restore]),
    });
    t.equal(
      buildResults(facts({ stages })).rungs.backup_restore,
      letters[rung],
      `backup ${backup} restore ${restore}`,
    );
  }
});

t.test('more failure never raises the level', async (t) => {
  const index = fc.nat(4);
  const any = fc.constantFrom(...words);
  fc.assert(
    fc.property(any, index, fc.constantFrom('f', 'u'), (word, at, worse) => {
      const spoiled = word.slice(0, at) + worse + word.slice(at + 1);
      return levelOf(rungs(spoiled)) <= levelOf(rungs(word));
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(any, index, (word, at) => {
      const mended = `${word.slice(0, at)}p${word.slice(at + 1)}`;
      return levelOf(rungs(mended)) >= levelOf(rungs(word));
    }),
    { numRuns: 2_000 },
  );
  t.pass('nor does more that passed lower it');
});

t.test('a partial run has no level, whatever passed', async (t) => {
  const wrong = words.filter((word) => {
    const run = runOf(word);
    return buildResults({ ...run, scope: 'partial', plan: { ...run.plan, scope: 'partial' } }).level !== null;
  });
  t.same(wrong, []);
});

function rungs(word: string): Rungs {
  const [install, upgrade, backup_restore, functional, lint] = [...word].map((one) => letters[one as Letter]);
  return { install, upgrade, backup_restore, functional, lint } as Rungs;
}

function wordOf({ install, upgrade, backup_restore, functional, lint }: Rungs): string {
  return [install, upgrade, backup_restore, functional, lint].map((status) => status[0]).join('');
}

/** A run whose stages come to this: exercised ones have a row; skipped ones are planned so, in every other rung by a row. */
function runOf(word: string): ReturnType<typeof facts> {
  const stageOf: readonly (readonly StageName[])[] = [
    ['install'],
    ['upgrade'],
    ['backup', 'restore'],
    ['custom'],
    ['lint'],
  ];
  const does: Partial<Record<StageName, 'skip' | 'unver'>> = {};
  const changes: Partial<Record<StageName, ReturnType<typeof row> | null>> = {};
  for (const [index, letter] of [...word].entries()) {
    const status = letters[letter as Letter];
    for (const name of stageOf[index] as readonly StageName[]) {
      const isPlanned = index % 2 === 0 && (status === 'skip' || status === 'unver');
      if (isPlanned) does[name] = status;
      changes[name] = isPlanned ? null : rowOf(name, status);
    }
  }
  return facts({ plan: plan(does), stages: rows(changes) });
}
