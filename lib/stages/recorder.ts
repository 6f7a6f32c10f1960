import type { Changes } from '../records/changes.ts';
import type { Cause, StageName, Status } from '../records/common.ts';
import { cutText, type Stamping, stamp } from '../records/encode.ts';
import type { ResultStage } from '../records/results.ts';
import { testMessageLimit } from '../records/test.ts';
import type { EventLog } from '../runs/events.ts';
import type { Masker } from '../runs/mask.ts';
import { endedBy, isOverLimit } from './ended.ts';
import { outcomeOfEnd, settled } from './settled.ts';
import { startStopwatch } from './stopwatch.ts';

/** How a stage ended; `cause` only with `fail`. */
export type StageOutcome = {
  readonly status: Status;
  readonly cause?: Cause;
  readonly summary?: string | null;
  /** Commit of the running tasks, read from the engine. */
  readonly on?: string | null;
  /** How long it took, where that was measured elsewhere. */
  readonly ms?: number;
  /** Of `policy`: what changes between base and commit. */
  readonly changes?: Changes;
};

export type CheckedTest = {
  readonly name: string;
  readonly status: Status;
  readonly ms: number;
  readonly file?: string | null;
  /** Where a test file is from, if not from the operator's tree. */
  readonly origin?: 'repository';
  readonly message?: string | null;
};

/** Writes a run's records and keeps the rows of `stages[]`: one for every stage that was attempted (L33). */
export type Recorder = {
  readonly emit: (fields: { readonly type: string; readonly [field: string]: unknown }) => Promise<void>;
  /**
   * Runs one stage. A failure of infrastructure or a bug becomes its outcome. When the run is ended meanwhile, whatever
   * is no pass is the end's doing, and its reason is thrown on.
   */
  readonly stage: (name: StageName, work: () => Promise<StageOutcome>) => Promise<ResultStage>;
  /** Runs a stage that an ended run goes through as well, even if nothing can be recorded any more: teardown. */
  readonly always: (name: StageName, work: () => Promise<StageOutcome>) => Promise<ResultStage>;
  /** Begins a stage that somebody else carries out: what comes back ends it. */
  readonly open: (name: StageName) => Promise<(outcome: StageOutcome) => Promise<ResultStage>>;
  /** A stage that was planned and could not be attempted. */
  readonly missed: (name: StageName, summary: string, status?: 'unver' | 'skip') => Promise<void>;
  /** Work in a stage whose time is not the stage's: pictures. */
  readonly aside: <T>(work: () => Promise<T>) => Promise<T>;
  readonly test: (test: CheckedTest) => Promise<void>;
  /** A line of a tool of ours, as a `log` record of the present stage. */
  readonly say: (tool: string, line: string) => Promise<void>;
  /** Commit that the tasks run now; written into what follows. */
  readonly setOn: (on: string | null) => void;
  readonly on: () => string | null;
  readonly present: () => StageName;
  readonly rows: () => readonly ResultStage[];
  /** Bugs that were met, with their stacks. */
  readonly bugs: () => readonly Error[];
};

export type RecorderOptions = {
  readonly key: string;
  readonly run: string;
  readonly attempt: number;
  readonly events: EventLog;
  readonly stamping: Stamping;
  readonly masker: Masker;
  readonly signal: AbortSignal;
};

export function makeRecorder(options: RecorderOptions): Recorder {
  const rows: ResultStage[] = [];
  const bugs: Error[] = [];
  const state = {
    on: null as string | null,
    present: 'checkout' as StageName,
    tests: [] as ResultStage['tests'],
    asideMs: 0,
  };
  const emit: Recorder['emit'] = ({ type, ...fields }) =>
    options.events.append(stamp({ type, key: options.key, run: options.run, ...fields }, options.stamping));
  const finish = async (name: StageName, outcome: StageOutcome, elapsed: () => number) => {
    const row = toRow(name, outcome, state, Math.max(0, elapsed() - state.asideMs), options.masker);
    rows.push(row);
    const { name: stage, tests: _tests, ...rest } = row;
    const { changes } = outcome;
    const more = changes === undefined ? {} : { changes };
    await emit({ type: 'stage.finished', stage, attempt: options.attempt, ...rest, ...more });
    return row;
  };
  const begin = (name: StageName) => {
    state.present = name;
    state.tests = [];
    state.asideMs = 0;
    return emit({ type: 'stage.started', stage: name, on: state.on, attempt: options.attempt });
  };
  return {
    emit,
    stage: async (name, work) => {
      const { signal } = options;
      const early = endedBy(signal);
      if (early !== null && !isOverLimit(early)) throw signal.reason;
      const elapsed = startStopwatch();
      await begin(name);
      const outcome = early === null ? await settled(work, bugs, signal) : outcomeOfEnd(early);
      const ended = outcome.status === 'pass' ? null : endedBy(signal);
      if (ended === null) return await finish(name, outcome, elapsed);
      await finish(name, outcomeOfEnd(ended), elapsed);
      throw signal.reason;
    },
    always: async (name, work) => {
      const elapsed = startStopwatch();
      const begun = begin(name);
      const outcome = await settled(work, bugs);
      await begun;
      return await finish(name, outcome, elapsed);
    },
    open: async (name) => {
      const elapsed = startStopwatch();
      await begin(name);
      return (outcome) => finish(name, outcome, elapsed);
    },
    missed: async (name, summary, status = 'unver') => {
      state.present = name;
      state.tests = [];
      await finish(name, { status, summary, on: null }, () => 0);
    },
    aside: async (work) => {
      const elapsed = startStopwatch();
      try {
        return await work();
      } finally {
        state.asideMs += elapsed();
      }
    },
    test: async (test) => {
      const { text, cut } = cutText(options.masker.mask(test.message ?? ''), testMessageLimit);
      const row = {
        name: options.masker.mask(test.name),
        file: test.file ?? null,
        status: test.status,
        ms: test.ms,
        message: test.message === null || test.message === undefined ? null : text,
        ...(cut === 0 ? {} : { cut }),
        ...(test.origin === undefined ? {} : { origin: test.origin }),
      };
      state.tests.push(row);
      await emit({ type: 'test', stage: state.present, on: state.on, ...row });
    },
    say: (tool, line) => emit({ type: 'log', stage: state.present, tool, line: options.masker.mask(line) }),
    setOn: (on) => {
      state.on = on;
    },
    on: () => state.on,
    present: () => state.present,
    rows: () => rows,
    bugs: () => bugs,
  };
}

function toRow(
  name: StageName,
  outcome: StageOutcome,
  state: { readonly on: string | null; readonly tests: ResultStage['tests'] },
  ms: number,
  masker: Masker,
): ResultStage {
  const summary = outcome.summary ?? null;
  return {
    name,
    status: outcome.status,
    cause: outcome.status === 'fail' ? (outcome.cause ?? 'recipe') : null,
    summary: summary === null ? null : masker.mask(summary),
    on: outcome.on === undefined ? state.on : outcome.on,
    ms: outcome.ms ?? ms,
    tests: state.tests,
  };
}
