import { makeCollector } from '@ccci/lib/pages/collect.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import type { Changes } from '@ccci/lib/records/changes.ts';
import { exampleHash, type StageName, type Status } from '@ccci/lib/records/common.ts';
import { type Plan, planExample } from '@ccci/lib/records/plan.ts';
import type { ResultStage, Results } from '@ccci/lib/records/results.ts';
import { triggerExample } from '@ccci/lib/records/trigger.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { buildResults } from '@ccci/lib/results/build.ts';

const base = '1111111111111111111111111111111111111111';
const names = [
  'checkout',
  'policy',
  'lint',
  'pull',
  'install',
  'backup',
  'restore',
  'custom',
  'upgrade',
  'teardown',
] as const;

/** What a recorded run is to be like. */
export type Story = {
  readonly run?: string;
  readonly rows?: Partial<Record<StageName, Partial<ResultStage> | null>>;
  readonly does?: Partial<Record<StageName, 'skip' | 'unver'>>;
  readonly plan?: Partial<Plan>;
  readonly logs?: Partial<Record<StageName, readonly string[]>>;
  readonly operator?: readonly string[];
  readonly results?: Partial<Results>;
  /** Why stages of `does` do not run. */
  readonly reasons?: Partial<Record<StageName, string>>;
  /** What `policy` and the results say. */
  readonly changes?: Changes;
  readonly expectedMs?: number;
};

/** The records of a whole run, as `events.ndjson` has them. */
export function recording(story: Story = {}): AnyRecord[] {
  const { run = 'gitea-14497' } = story;
  const plan = planOf(story);
  const rows = names.flatMap((name) => rowOf(name, story));
  const results = { ...resultsOf(run, plan, rows, story), ...story.results };
  const stamped = (fields: AnyRecord): AnyRecord => ({
    ...fields,
    v: 1,
    at: '2026-11-23T10:15:00.000Z',
    by: 'ccci-stage/0.1.0',
  });
  const ours = (fields: AnyRecord) => stamped({ ...fields, key: 'gitea-14497', run });
  return [
    triggerExample as AnyRecord,
    plan as AnyRecord,
    ours({
      type: 'run.started',
      recipe: 'ghost',
      ref: exampleHash,
      base: '6.0.2+5.8.0',
      domain: 'ghos-1a2b3c.ccci.test',
      kind: 'pull',
      scope: 'full',
      ...(story.expectedMs === undefined ? {} : { expectedMs: story.expectedMs }),
      environment: { engine: '20.10.24', client: '28.2.2', node: 'v24.21.0' },
    }),
    ...rows.flatMap((row) => stageRecords(row, story).map(ours)),
    ours({
      type: 'run.finished',
      ...results,
      last_green: null,
      differences: [],
      history: { runs: 3, green: 2 },
    }),
  ];
}

/** The view that the records of a story lead to. */
export function viewOf(story: Story = {}, until = Number.POSITIVE_INFINITY): RunView {
  const collector = makeCollector();
  let view: RunView | null = null;
  for (const record of recording(story).slice(0, until)) view = collector.add(record);
  return view as RunView;
}

/** The upgrade that is refused by the data of the old version (issue 2, the demo). */
export const refused: Story = {
  rows: {
    upgrade: {
      status: 'fail',
      cause: 'recipe',
      on: base,
      ms: 12_300,
      summary:
        'upgrade did not land: Swarm paused the update of app after 1 failed task (exit 1: "cannot read data of version 1"); the previous version keeps serving',
      tests: [
        { name: 'the update of app completed', status: 'fail', ms: 11_000, file: null, message: 'paused' },
      ],
    },
  },
  logs: { upgrade: ['starting', 'reading /data', 'cannot read data of version 1'] },
  operator: ['new secret: jwt_secret', 'new variable without default: SMTP_HOST'],
};

function planOf({ does = {}, reasons = {}, plan = {} }: Story): Plan {
  const stages = names.map((name) => ({
    name,
    does: does[name] ?? ('run' as const),
    reason: does[name] === undefined ? null : (reasons[name] ?? `no ${name} here`),
  }));
  return { ...planExample, stages, ...plan };
}

function rowOf(name: StageName, { rows = {}, does = {} }: Story): ResultStage[] {
  const change = rows[name];
  if (change === null || does[name] !== undefined) return [];
  const test = { name: 'GET / answers 200', status: 'pass' as Status, ms: 12, file: null };
  return [
    {
      name,
      status: 'pass',
      cause: null,
      summary: null,
      on: name === 'teardown' ? null : exampleHash,
      ms: 4_100,
      tests: name === 'install' ? [test] : [],
      ...change,
    },
  ];
}

function stageRecords(row: ResultStage, { logs = {}, changes }: Story): AnyRecord[] {
  const { name: stage, tests, on, ...rest } = row;
  return [
    { type: 'stage.started', stage, on, attempt: 1 },
    ...(logs[stage] ?? []).map((line) => ({ type: 'log', stage, service: 'app', line })),
    ...tests.map((test) => ({ type: 'test', stage, on, message: null, ...test })),
    {
      ...{ type: 'stage.finished', stage, on, attempt: 1, ...rest },
      ...(stage === 'policy' && changes !== undefined ? { changes } : {}),
    },
  ];
}

function resultsOf(
  run: string,
  plan: Plan,
  stages: readonly ResultStage[],
  { operator = [], changes }: Story,
): Results {
  return buildResults({
    run,
    kind: 'pull',
    scope: plan.scope,
    plan,
    started: 1_795_429_000.5,
    finished: 1_795_429_217.25,
    stages,
    lint: null,
    ended: null,
    flags: { clean_teardown: true, no_secret_leak: true },
    operator,
    changes,
    environment: { engine: '20.10.24', client: '28.2.2', node: 'v24.21.0' },
    customization: { counts: { custom: 1 } },
  });
}
