import { utcSeconds } from '@ccci/lib/forge/shapes.ts';
import type { ForgeComment, PullHit } from '@ccci/lib/forge/types.ts';
import type { Cursor } from '@ccci/lib/records/tick.ts';
import fc from 'fast-check';
import t, { type Test } from 'tap';
import { hasMoved, type Memory, newComments, pullKey, windowOf } from '../../../tools/poll/memory.ts';
import { nextCursor } from '../../../tools/poll/next-cursor.ts';
import type { ReadPull } from '../../../tools/poll/read-pulls.ts';

const overlapMs = 60_000;
const begin = Date.parse('2026-11-23T10:00:00Z');
const runs = { numRuns: process.env.CCCI_SCALE === 'full' ? 20_000 : 1_500 };

/** What happens, one after the other; `waitMs` passes before it. */
type Step = { readonly waitMs: number } & (
  | { readonly kind: 'comment'; readonly pull: number; readonly lateMs: number }
  | { readonly kind: 'edit'; readonly nth: number }
  | { readonly kind: 'delete'; readonly nth: number }
  | { readonly kind: 'tick' }
  /** The search fails; the comments of a pull request cannot be read; a comment cannot be judged. */
  | { readonly kind: 'away' }
  | { readonly kind: 'unreadable'; readonly pull: number }
  | { readonly kind: 'unjudged'; readonly nth: number }
);

const pull = fc.nat({ max: 2 });
const nth = fc.nat({ max: 8 });
const waitMs = fc.oneof(
  fc.constantFrom(0, 1, 499, 1_000, 5_000, 59_000, 61_000, 600_000, 3_600_000),
  fc.nat({ max: 9_000 }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  // A row becomes visible when its transaction is over; the overlap is for that.
  fc.record({
    kind: fc.constant('comment'),
    waitMs,
    pull,
    lateMs: fc.oneof(fc.constant(0), fc.nat({ max: 50_000 })),
  }),
  fc.record({ kind: fc.constant('comment'), waitMs: fc.constant(0), pull, lateMs: fc.constant(0) }),
  fc.record({ kind: fc.constantFrom('edit', 'delete', 'unjudged'), waitMs, nth }),
  fc.record({ kind: fc.constant('unreadable'), waitMs, pull }),
  fc.record({ kind: fc.constantFrom('tick', 'tick', 'tick', 'away'), waitMs }),
) as fc.Arbitrary<Step>;

type Row = Omit<ForgeComment, 'pull'> & {
  readonly onPull: number;
  readonly pull: null;
  readonly visibleMs: number;
};
type Model = {
  ms: number;
  rows: Row[];
  lastId: number;
  cursor: Cursor | undefined;
  enrolledAt: string | undefined;
  isComplete: boolean;
  /** Ids that were judged, as often as they were. */
  readonly judged: number[];
};

function happen(model: Model, step: Step): void {
  model.ms += step.waitMs;
  const at = utcSeconds(new Date(model.ms));
  if (step.kind === 'comment') {
    model.lastId += 1;
    const row = {
      id: model.lastId,
      body: '!testme',
      author: null,
      isMigrated: false,
      createdAt: at,
      updatedAt: at,
    };
    model.rows.push({ ...row, pull: null, onPull: step.pull, visibleMs: model.ms + step.lateMs });
  } else if (step.kind === 'edit') {
    model.rows = model.rows.map((row, at_) => (at_ === step.nth ? { ...row, updatedAt: at } : row));
  } else if (step.kind === 'delete') {
    const gone = model.rows[step.nth];
    if (gone !== undefined && model.judged.includes(gone.id)) model.rows.splice(step.nth, 1);
  } else if (step.kind !== 'away') poll(model, step);
}

/** One tick as `poll-source.ts` does it, with the pure parts of the program. */
function poll(model: Model, step: Step): void {
  const at = utcSeconds(new Date(model.ms));
  const before: Cursor = model.cursor ?? { since: model.enrolledAt ?? at };
  const window = windowOf(before, overlapMs);
  const memory = (before.pulls ?? {}) as Memory;
  const visible = model.rows.filter(({ visibleMs }) => visibleMs <= model.ms);
  const hits = [0, 1, 2].flatMap((number): PullHit[] => {
    const updated = visible.filter((row) => row.onPull === number).map(({ createdAt }) => createdAt);
    const updatedAt = updated.sort().at(-1);
    const hit = { owner: 'org', name: 'app', number, title: 'x' };
    return updatedAt !== undefined && updatedAt >= window.pulls ? [{ ...hit, updatedAt }] : [];
  });
  const pulls: ReadPull[] = [];
  let isComplete = true;
  for (const hit of hits.filter((one) => hasMoved(one, memory, window))) {
    if (step.kind === 'unreadable' && step.pull === hit.number) isComplete = false;
    else {
      const items = visible.filter((row) => row.onPull === hit.number && row.updatedAt >= window.comments);
      const fresh = newComments(items, memory[pullKey(hit)], window);
      const judged = items.filter((row) => !fresh.includes(row)).map(({ id }) => id);
      pulls.push({ hit, fresh, judged, readAt: at });
    }
  }
  pulls
    .flatMap((one) => one.fresh.map(({ id }) => ({ one, id })))
    .forEach(({ one, id }, place) => {
      if (step.kind === 'unjudged' && step.nth === place) isComplete = false;
      else {
        one.judged.push(id);
        model.judged.push(id);
      }
    });
  const enrolledAt = model.enrolledAt ?? at;
  const isFirst = model.cursor === undefined && model.enrolledAt === undefined;
  const { isSweep } = window;
  model.cursor = nextCursor(
    { before: model.cursor, at, enrolledAt, isFirst, isComplete, isSweep, memory, overlapMs },
    pulls,
  );
  model.enrolledAt = enrolledAt;
  model.isComplete = isComplete;
}

/** Plays a history, with what is asserted after each step, and lets the forge come to rest. */
function play(
  steps: readonly Step[],
  check: (model: Model, since: string | undefined) => void,
  restMs: readonly number[] = [60_000, 600_000, 5_000, 600_000, 5_000],
): Model {
  const model: Model = {
    ms: begin,
    rows: [],
    lastId: 0,
    cursor: undefined,
    enrolledAt: undefined,
    isComplete: true,
    judged: [],
  };
  const rest: Step[] = restMs.map((ms) => ({ kind: 'tick', waitMs: ms }));
  for (const one of [{ kind: 'tick', waitMs: 0 } as Step, ...steps, ...rest]) {
    const since = model.cursor?.since;
    happen(model, one);
    check(model, since);
  }
  return model;
}

const holds = (t: Test, property: fc.IProperty<[Step[]]>) => t.doesNotThrow(() => fc.assert(property, runs));

t.test('L02 every comment is judged, whatever is edited, late, unreadable or away', async (t) => {
  holds(
    t,
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { rows, judged, enrolledAt } = play(steps, () => {});
      const eligible = rows.filter(({ createdAt }) => createdAt >= enrolledAt!);
      return eligible.every(({ id }) => judged.includes(id));
    }),
  );
});

t.test('what was written in time is judged by the next tick, without a sweep', async (t) => {
  const inTime = step.map((one) => (one.kind === 'comment' ? { ...one, lateMs: 0 } : one));
  holds(
    t,
    fc.property(fc.array(inTime, { maxLength: 30 }), (steps) => {
      const { rows, judged, enrolledAt } = play(steps, () => {}, [2_000]);
      const eligible = rows.filter(({ createdAt }) => createdAt >= enrolledAt!);
      return eligible.every(({ id }) => judged.includes(id));
    }),
  );
});

t.test(
  'a cursor never goes back, is never ahead of the forge, and stays where something is left',
  async (t) => {
    holds(
      t,
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        let isFine = true;
        play(steps, ({ cursor, ms, isComplete }, since) => {
          if (!isComplete && since !== undefined && cursor!.since !== since) isFine = false;
          if (since !== undefined && cursor!.since < since) isFine = false;
          if (Date.parse(cursor!.since) > ms || (cursor!.sweptAt ?? '') > cursor!.since) isFine = false;
        });
        return isFine;
      }),
    );
  },
);

t.test('L12 what is remembered is forgotten: a forge at rest costs the search alone', async (t) => {
  holds(
    t,
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const { cursor } = play(steps, () => {});
      return Object.keys(cursor!.pulls!).length === 0;
    }),
  );
});
