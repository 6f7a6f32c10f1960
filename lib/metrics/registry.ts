import { z } from 'zod';
import type { Metric } from './catalog.ts';

const histogramSchema = z.object({
  /** Per bucket, not cumulated; what is above all bounds comes last. */
  counts: z.array(z.number()),
  sum: z.number(),
});
export type Histogram = z.infer<typeof histogramSchema>;

/** Samples by metric, then by the values of its labels as a JSON array. */
export const samplesSchema = z.record(
  z.string(),
  z.record(z.string(), z.union([z.number(), histogramSchema])),
);
export type Samples = z.infer<typeof samplesSchema>;

export type Labels = Readonly<Record<string, string>>;

export type Registry = {
  readonly add: (name: string, by?: number, labels?: Labels) => void;
  readonly set: (name: string, value: number, labels?: Labels) => void;
  readonly observe: (name: string, value: number, labels?: Labels) => void;
  readonly samples: () => Samples;
};

/** Series of one metric; what comes beyond is counted together, so that names from outside fill nobody's memory. */
const mostSeries = 500;
const other = 'other';

/** Keeps the samples of a program's metrics, beginning with those that are known; a name that is none is a bug. Pure. */
export function makeRegistry(metrics: readonly Metric[], known: Samples): Registry {
  const samples: Samples = Object.fromEntries(
    metrics.map((metric) => [metric.name, { ...begin(metric), ...usable(known[metric.name], metric) }]),
  );
  const find = (name: string, labels: Labels) => {
    const metric = metrics.find((one) => one.name === name);
    const series = samples[name];
    if (metric === undefined || series === undefined) throw new Error(`no metric is named ${name}`);
    return { metric, series, key: keyOf(metric, labels, series) };
  };
  return {
    add: (name, by = 1, labels = {}) => {
      const { series, key } = find(name, labels);
      series[key] = ((series[key] as number | undefined) ?? 0) + by;
    },
    set: (name, value, labels = {}) => {
      const { series, key } = find(name, labels);
      series[key] = value;
    },
    observe: (name, value, labels = {}) => {
      const { metric, series, key } = find(name, labels);
      series[key] = observed((series[key] as Histogram | undefined) ?? empty(metric), value, metric);
    },
    samples: () => samples,
  };
}

function keyOf({ labels: names }: Metric, labels: Labels, series: Samples[string]): string {
  const key = JSON.stringify(names.map((name) => labels[name] ?? ''));
  const isRoom = key in series || Object.keys(series).length < mostSeries;
  return isRoom ? key : JSON.stringify(names.map(() => other));
}

/** What has no labels is there from the beginning: only then can its first change be seen. */
function begin(metric: Metric): Samples[string] {
  if (metric.labels.length > 0 || metric.kind === 'gauge') return {};
  return { '[]': metric.kind === 'counter' ? 0 : empty(metric) };
}

/** What an older version counted otherwise begins anew. */
function usable(series: Samples[string] = {}, metric: Metric): Samples[string] {
  const fits = (key: string, sample: number | Histogram) => {
    if ((JSON.parse(key) as unknown[]).length !== metric.labels.length) return false;
    if (metric.kind !== 'histogram') return typeof sample === 'number';
    return typeof sample === 'object' && sample.counts.length === empty(metric).counts.length;
  };
  return Object.fromEntries(Object.entries(series).filter(([key, sample]) => fits(key, sample)));
}

function empty({ buckets = [] }: Metric): Histogram {
  return { counts: [...buckets.map(() => 0), 0], sum: 0 };
}

function observed({ counts, sum }: Histogram, value: number, { buckets = [] }: Metric): Histogram {
  const found = buckets.findIndex((bound) => value <= bound);
  const at = found === -1 ? buckets.length : found;
  return { counts: counts.map((count, index) => (index === at ? count + 1 : count)), sum: sum + value };
}
