import { commitStatus } from '@ccci/lib/pages/status.ts';
import { emptyView } from '@ccci/lib/pages/view.ts';
import type { Cause, StageName, Status } from '@ccci/lib/records/common.ts';
import type { ResultStage, Results } from '@ccci/lib/records/results.ts';
import type { RunFinished } from '@ccci/lib/records/run-finished.ts';
import { buildResults } from '@ccci/lib/results/build.ts';
import fc from 'fast-check';
import t from 'tap';
import { facts, other, plan, row } from './facts.ts';

const stages = [
  'checkout',
  'policy',
  'needs',
  'pull',
  'install',
  'upgrade',
  'backup',
  'restore',
  'custom',
  'lint',
  'teardown',
] as const satisfies readonly StageName[];

/** What can become of a stage: `-` has no row at all. */
const marks = {
  p: ['pass', null],
  r: ['fail', 'recipe'],
  i: ['fail', 'infra'],
  x: ['fail', 'policy'],
  s: ['skip', null],
  u: ['unver', null],
  '-': null,
} as const satisfies Record<string, readonly [Status, Cause | null] | null>;
type Mark = keyof typeof marks;
const allMarks = Object.keys(marks) as Mark[];

/**
 * stages.md, Verdict, as regular expressions over checkout, policy, needs, pull, install, upgrade, backup, restore,
 * custom, a mark each, the first that fits. Lint and teardown are not in it: they never change a verdict. Of dependencies
 * that were not ready alone nothing is known of the recipe (incomplete).
 */
const table: readonly (readonly [Results['verdict'], RegExp])[] = [
  ['infra', /i/],
  ['red', /^(.?|.{3,})r/],
  ['incomplete', /x|u|r|^.{4}.*-/],
  ['green', /^.{4}(p|sp)/],
  ['incomplete', /^/],
];

const states: Readonly<Record<Results['verdict'], string>> = {
  green: 'success',
  red: 'failure',
  incomplete: 'error',
  infra: 'error',
  cancelled: 'error',
  superseded: 'error',
  interrupted: 'error',
};

/** `ppppppppppp` with some of its marks replaced. */
function word(changes: Partial<Record<StageName, Mark>> = {}): string {
  return stages.map((name) => changes[name] ?? 'p').join('');
}

const allPassed = word();
const singles = stages.flatMap((name) => allMarks.map((mark) => word({ [name]: mark })));
const pairs = stages.flatMap((one, index) =>
  stages
    .slice(index + 1)
    .flatMap((two) => allMarks.flatMap((a) => allMarks.map((b) => word({ [one]: a, [two]: b })))),
);

t.test(
  'every stage with every status and cause, and every two of them: the first row that fits',
  async (t) => {
    t.equal(singles.length, 77);
    t.equal(pairs.length, 55 * 49);
    const wrong = [...singles, ...pairs].flatMap((one) => {
      const { verdict, reason } = resultsOf(one);
      return verdict === expected(one) ? [] : [`${one}: ${verdict} (${reason}), not ${expected(one)}`];
    });
    t.same(wrong, []);
  },
);

t.test('every one of them to rungs, exercised and level', async (t) => {
  const wrong = [...singles, ...pairs].filter((one) => {
    const { rungs, level, exercised } = resultsOf(one);
    const meant = rungWord(one);
    const found = Object.values(rungs)
      .map((status) => status[0])
      .join('');
    return (
      found !== meant ||
      level !== (/^[ps]*p/.exec(meant)?.[0] ?? '').length ||
      exercised !== meant.replaceAll(/[su]/g, '').length
    );
  });
  t.same(wrong, []);
});

t.test(
  'every one of them to its commit status, which is none that a required check would pass on',
  async (t) => {
    const wrong = [...singles, ...pairs].filter((one) => {
      const { verdict } = resultsOf(one);
      const { state, description } = statusOf(resultsOf(one));
      return state !== states[verdict] || description === '' || description.length > 140;
    });
    t.same(wrong, []);
    for (const verdict of ['cancelled', 'superseded', 'interrupted', 'infra', 'incomplete'] as const) {
      for (const one of singles) {
        const ended = { verdict, why: 'by ana' };
        const results = resultsOf(one, { ended });
        t.match(results, { verdict, reason: 'by ana' }, one);
        t.match(statusOf(results), { state: 'error', description: /by ana/ });
        t.notMatch(statusOf(results).description, /failed/, 'never "failed"');
      }
    }
  },
);

t.test('L15 nothing that did not run is ever green', async (t) => {
  fc.assert(
    fc.property(anyWord(), (one) => {
      const { verdict, results } = resultsOf(one);
      if (verdict !== 'green') return true;
      const installed =
        results.install === 'pass' || (results.install === 'skip' && results.upgrade === 'pass');
      return installed && !/[rixu]/.test(one.slice(0, 9)) && !one.slice(4, 9).includes('-');
    }),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(anyWord(), fc.constantFrom(other, null), (one, on) => {
      const { verdict } = buildResults({
        ...runOf(one),
        stages: rowsOf(one).map((each) => ({ ...each, on })),
      });
      return verdict !== 'green';
    }),
  );
  t.pass('nor is what ran on another commit');
});

t.test('lint, leftovers and what was shown never change a verdict', async (t) => {
  fc.assert(
    fc.property(anyWord(), anyMark(), anyMark(), fc.boolean(), (one, lint, teardown, clean) => {
      const before = resultsOf(one);
      const flags = { clean_teardown: clean, no_secret_leak: !clean };
      const after = resultsOf(one.slice(0, 9) + lint + teardown, { flags });
      return after.verdict === before.verdict;
    }),
    { numRuns: 3_000 },
  );
  t.pass('for any run');
});

t.test('a declared skip never hides an exercised failure', async (t) => {
  const declared = fc.subarray(['install', 'upgrade', 'backup', 'restore', 'custom'] as const);
  fc.assert(
    fc.property(anyWord(), declared, (one, names) => {
      const does = Object.fromEntries(names.map((name) => [name, 'skip' as const]));
      const { verdict, rungs } = resultsOf(one, { plan: planOf(does) });
      const failed = /[rix]/.test(one.slice(4, 9));
      return !failed || (verdict !== 'green' && Object.values(rungs).includes('fail'));
    }),
    { numRuns: 3_000 },
  );
  t.pass('for any run and any settings');
});

t.test('an exercised failure is red although another stage was refused by policy', async (t) => {
  const results = resultsOf(word({ upgrade: 'x', custom: 'r' }));
  t.match(results, { verdict: 'red', reason: 'custom tests failed' });
  t.match(resultsOf(word({ upgrade: 'x' })), { verdict: 'incomplete', reason: /^refused by policy: / });
});

t.test('of a run of lint alone, lint is what is judged', async (t) => {
  const only = (mark: Mark) => {
    const does = {
      install: 'skip',
      upgrade: 'skip',
      backup: 'skip',
      restore: 'skip',
      custom: 'skip',
    } as const;
    const run = { scope: 'partial' as const, plan: { ...planOf(does), scope: 'partial' as const } };
    return resultsOf(`pp-p-----${mark}p`, run);
  };
  t.match(only('p'), { verdict: 'green', level: null });
  t.match(only('r'), { verdict: 'incomplete', reason: /^nothing but lint .*failed/ });
  t.match(only('u'), { verdict: 'incomplete', reason: 'nothing was tested' }, 'L15');
  t.match(only('-'), { verdict: 'incomplete', reason: 'nothing was tested' }, 'L15');
});

t.test('a green verdict does not say that all passed when lint did not, or nobody wrote tests', async (t) => {
  t.equal(resultsOf(allPassed).reason, 'all that was planned ran and passed');
  t.equal(resultsOf(word({ lint: 'r' })).reason, 'all that was planned ran and passed, lint apart');
  t.equal(resultsOf(word({ lint: 'u' })).reason, 'all that was planned ran and passed, lint apart');
});

function expected(one: string): Results['verdict'] {
  return table.find(([, fits]) => fits.test(one.slice(0, 9)))?.[0] as Results['verdict'];
}

/** The rungs by hand: what a mark is, the worse of backup and restore, lint never skipped. */
function rungWord(one: string): string {
  const [install, upgrade, backup, restore, custom, lint] = [
    ...one.slice(4, 10).replaceAll(/[rix]/g, 'f').replaceAll('-', 'u'),
  ];
  const both = `${backup}${restore}`;
  const rung = [...'fusp'].find((letter) => both.includes(letter));
  return `${install}${upgrade}${rung}${custom}${lint}`.replace(/s$/, 'u');
}

function rowsOf(one: string): ResultStage[] {
  return stages.flatMap((name, index) => {
    const mark = marks[one[index] as Mark];
    if (mark === null) return [];
    const on = ['install', 'upgrade', 'backup', 'restore', 'custom'].includes(name) ? undefined : null;
    const [status, cause] = mark;
    return [row(name, status, { cause, ...(on === null ? { on } : {}) })];
  });
}

function planOf(does: Parameters<typeof plan>[0] = {}) {
  const whole = plan(does);
  // As discover plans: the six stages of the rungs.
  const names = ['install', 'upgrade', 'backup', 'restore', 'custom', 'lint'];
  return { ...whole, stages: whole.stages.filter(({ name }) => names.includes(name)) };
}

function runOf(one: string, changes: Parameters<typeof facts>[0] = {}) {
  return facts({ plan: planOf(), stages: rowsOf(one), ...changes });
}

function resultsOf(one: string, changes: Parameters<typeof facts>[0] = {}): Results {
  return buildResults(runOf(one, changes));
}

function statusOf(results: Results) {
  const view = { ...emptyView('gitea-1'), results: results as unknown as RunFinished };
  return commitStatus(view, { context: 'ccci/testme' });
}

function anyMark(): fc.Arbitrary<Mark> {
  return fc.constantFrom(...allMarks);
}

/** Passed for the most part, so that something green is among them. */
function anyWord(): fc.Arbitrary<string> {
  const mostly = fc.oneof(
    { weight: 5, arbitrary: fc.constant<Mark>('p') },
    { weight: 1, arbitrary: anyMark() },
  );
  return fc.array(mostly, { minLength: stages.length, maxLength: stages.length }).map((one) => one.join(''));
}
