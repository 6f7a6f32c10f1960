/** One metric: its name, in base units, what it counts, and the labels that each of its samples has. */
export type Metric = {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, ascending; without `+Inf`. */
  readonly buckets?: readonly number[];
};

export type MeteredProgram = 'poll' | 'dedupe' | 'stage' | 'report' | 'janitor';

type Rest = Partial<Pick<Metric, 'labels' | 'buckets'>>;
const metric = (kind: Metric['kind'], name: string, help: string, rest: Rest = {}): Metric => ({
  name,
  kind,
  help,
  labels: [],
  ...rest,
});
const counter = (name: string, help: string, labels: readonly string[] = []) =>
  metric('counter', name, help, { labels });
const gauge = (name: string, help: string, labels: readonly string[] = []) =>
  metric('gauge', name, help, { labels });

/** From a person's comment to the first word: goal 10 s. */
const answerBuckets = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800];
const runBuckets = [30, 60, 120, 300, 600, 900, 1200, 1800, 2700, 3600, 7200];
const stageBuckets = [1, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600];

/**
 * All metrics, by the program that alone writes them: no name belongs to two, and no label has values without bound
 * (recipes, stages, outcomes, folders; never a run or a person). docs/metrics.md tells people of them.
 */
export const catalog: Readonly<Record<MeteredProgram, readonly Metric[]>> = {
  poll: [
    counter('ccci_poll_ticks_total', 'Polls that came to their end.'),
    gauge(
      'ccci_poll_last_good_tick_timestamp_seconds',
      'When a poll last got an answer to everything it asked.',
    ),
    counter('ccci_poll_forge_calls_total', 'Requests to forges, repetitions too.'),
    counter('ccci_poll_errors_total', 'Requests that failed, and what could not be judged.'),
    counter('ccci_poll_triggers_total', 'Triggers that were found.'),
  ],
  dedupe: [
    gauge('ccci_queue_waiting', 'Triggers that wait.'),
    gauge('ccci_queue_running', 'Triggers that are claimed by a stage.'),
    gauge(
      'ccci_queue_oldest_waiting_timestamp_seconds',
      'When the trigger that waits longest was written; 0 while none waits.',
    ),
    counter('ccci_dedupe_accepted_total', 'Triggers that were accepted.'),
    counter('ccci_dedupe_drops_total', 'Triggers that will not run, by reason.', ['reason']),
  ],
  stage: [
    counter('ccci_runs_total', 'Runs that came to their end, by recipe and verdict.', ['recipe', 'verdict']),
    metric('histogram', 'ccci_run_duration_seconds', 'How long runs took, by verdict.', {
      labels: ['verdict'],
      buckets: runBuckets,
    }),
    counter('ccci_stages_total', 'Stages that were attempted, by outcome.', ['stage', 'status']),
    metric('histogram', 'ccci_stage_duration_seconds', 'How long stages took that passed or failed.', {
      labels: ['stage', 'status'],
      buckets: stageBuckets,
    }),
  ],
  report: [
    metric(
      'histogram',
      'ccci_comment_to_pending_seconds',
      'From a comment to the first answer on its pull request.',
      { buckets: answerBuckets },
    ),
    metric(
      'histogram',
      'ccci_comment_to_verdict_seconds',
      'From a comment to the posted outcome of its run.',
      {
        buckets: runBuckets,
      },
    ),
    counter('ccci_report_forge_calls_total', 'Requests to forges, repetitions too.'),
    counter('ccci_report_errors_total', 'Requests that failed or were refused.'),
    counter('ccci_report_retries_total', 'Further attempts at a pull request after a passing failure.'),
  ],
  janitor: [
    gauge('ccci_janitor_last_run_timestamp_seconds', 'When ccci-janitor last came to its end.'),
    gauge('ccci_leftovers', 'Things that the last ccci-janitor could not remove.'),
    gauge('ccci_slots_closed', 'Slots that are closed by what a run has left on the engine.'),
    gauge('ccci_runs_kept', 'Deployments that people keep up.'),
    counter('ccci_janitor_removed_total', 'Things that were removed.'),
    gauge('ccci_disk_free_bytes', 'Free space for a user without special rights, where runs and state lie.', [
      'where',
    ]),
    gauge('ccci_disk_used_ratio', 'Used part of the disk where runs and state lie, 0 to 1.', ['where']),
  ],
};
