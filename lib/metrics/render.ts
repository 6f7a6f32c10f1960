import type { Metric } from './catalog.ts';
import type { Histogram, Samples } from './registry.ts';

/**
 * Metrics in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/): HELP, TYPE and the
 * samples of each metric that has some, in the catalog's order, series by code unit. Pure.
 */
export function renderMetrics(metrics: readonly Metric[], samples: Samples): string {
  return metrics.map((metric) => renderOne(metric, samples[metric.name] ?? {})).join('');
}

function renderOne(metric: Metric, series: Samples[string]): string {
  const { name, kind, help } = metric;
  const keys = Object.keys(series).sort();
  if (keys.length === 0) return '';
  const lines = keys.flatMap((key) => {
    const labels = pairs(metric, key);
    const sample = series[key] as number | Histogram;
    return typeof sample === 'number' ? [line(name, labels, sample)] : histogramLines(metric, labels, sample);
  });
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${kind}`, ...lines, ''].join('\n');
}

type Pair = readonly [name: string, value: string];

function pairs({ labels }: Metric, key: string): Pair[] {
  const values = JSON.parse(key) as readonly string[];
  return labels.map((name, index) => [name, values[index] ?? '']);
}

function histogramLines(
  { name, buckets = [] }: Metric,
  labels: readonly Pair[],
  { counts, sum }: Histogram,
): string[] {
  let total = 0;
  const bounds = [...buckets.map(String), '+Inf'];
  const lines = bounds.map((bound, index) => {
    total += counts[index] ?? 0;
    return line(`${name}_bucket`, [...labels, ['le', bound]], total);
  });
  return [...lines, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, total)];
}

function line(name: string, labels: readonly Pair[], value: number): string {
  const inside = labels.map(([label, text]) => `${label}="${escapeLabel(text)}"`).join(',');
  return `${name}${inside === '' ? '' : `{${inside}}`} ${value}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
