import type { LogRecord } from '../records/log.ts';
import type { StageFinished } from '../records/stage-finished.ts';
import type { StageStarted } from '../records/stage-started.ts';
import type { TestRecord } from '../records/test.ts';
import type { AnyRecord, KnownRecord } from '../records/types.ts';
import { emptyView, type RunView, type StageView } from './view.ts';

/** How many log lines are kept of each stage. */
const keptLines = 30;

export type Collector = {
  /** Takes a record of a known type; gives back the view it changed, null for what belongs to no trigger. */
  readonly add: (record: AnyRecord) => RunView | null;
  /** Views in the order in which they began. */
  readonly views: () => readonly RunView[];
  /** Forgets a run that is through, so that memory does not grow with their number. */
  readonly forget: (view: RunView) => void;
};

/** Puts the records of any number of runs together into what is shown of each. */
export function makeCollector(): Collector {
  const views = new Map<string, Building>();
  return {
    add: (record) => {
      if (typeof record.key !== 'string') return null;
      const run = typeof record.run === 'string' ? record.run : undefined;
      const building = find(views, record.key, run);
      apply(building, record as KnownRecord);
      return snapshot(building);
    },
    views: () => [...views.values()].map(snapshot),
    forget: ({ run }) => void views.delete(run),
  };
}

type BuildingStage = Omit<StageView, 'tests' | 'lastLines'> & {
  tests: StageView['tests'][number][];
  lastLines: string[];
};
type Building = Omit<{ -readonly [Key in keyof RunView]: RunView[Key] }, 'stages' | 'services'> & {
  stages: BuildingStage[];
  services: Set<string>;
};

/** A further attempt has an id of its own and inherits trigger and plan from what has the key. */
function find(views: Map<string, Building>, key: string, run: string | undefined): Building {
  const id = run ?? [...views.values()].findLast((view) => view.key === key)?.run ?? key;
  const known = views.get(id);
  if (known !== undefined) return known;
  const before = [...views.values()].findLast((view) => view.key === key);
  const building: Building = {
    ...emptyView(key, before?.trigger ?? null),
    run: id,
    plan: before?.plan ?? null,
    stages: [],
    services: new Set(),
  };
  if (before !== undefined && before.started === null && before.stages.length === 0) views.delete(before.run);
  views.set(id, building);
  return building;
}

function apply(view: Building, record: KnownRecord): void {
  if (record.type === 'trigger') view.trigger = record;
  if (record.type === 'plan') Object.assign(view, { plan: record, trigger: record.trigger });
  if (record.type === 'queued') view.queued = record;
  if (record.type === 'preview') view.preview = record;
  // A duplicate says that its key was judged before, nothing about what became of it.
  if (record.type === 'drop' && record.reason !== 'duplicate') view.drop = record;
  if (record.type === 'run.started') view.started = record;
  if (record.type === 'stage.started') startStage(view, record);
  if (record.type === 'stage.finished') {
    finishStage(view, record);
    view.changes = record.changes ?? view.changes;
  }
  if (record.type === 'test') addTest(view, record);
  if (record.type === 'log') addLine(view, record);
  if (record.type === 'run.finished') {
    view.results = record;
    view.changes = record.changes ?? view.changes;
  }
  if (record.type === 'attribution') view.attribution = record;
}

function startStage(view: Building, { stage }: StageStarted): void {
  view.stages.push({ name: stage, status: 'running', summary: null, ms: null, tests: [], lastLines: [] });
}

function finishStage(view: Building, { stage, status, summary, ms }: StageFinished): void {
  const index = view.stages.findLastIndex((one) => one.name === stage && one.status === 'running');
  const before = view.stages[index] ?? { name: stage, tests: [], lastLines: [] };
  view.stages.splice(index === -1 ? view.stages.length : index, 1, { ...before, status, summary, ms });
}

function addTest(view: Building, { stage, name, status, ms, file, message }: TestRecord): void {
  view.stages.findLast((one) => one.name === stage)?.tests.push({ name, status, ms, file, message });
}

function addLine(view: Building, { stage, service, tool, line }: LogRecord): void {
  const source = service ?? tool ?? stage;
  if (service !== undefined) view.services.add(service);
  const lines = view.stages.findLast((one) => one.name === stage)?.lastLines;
  lines?.push(`${source} | ${line}`);
  if (lines !== undefined && lines.length > keptLines) lines.shift();
}

function snapshot(view: Building): RunView {
  return { ...view, services: [...view.services].sort() };
}
