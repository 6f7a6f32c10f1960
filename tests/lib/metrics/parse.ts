/** One sample of the text format. */
export type Sample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};
export type Family = { readonly kind: string; readonly help: string; readonly samples: Sample[] };

const name = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const comment = /^# (HELP|TYPE) (\S+) (.*)$/;
const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/y;

/** Reads Prometheus' text format, written without ccci's own writer; throws at whatever is not exactly as it has to be. */
export function parseMetrics(text: string): Map<string, Family> {
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let present = '';
  let help: { readonly of: string; readonly text: string } | null = null;
  const seen = new Set<string>();
  for (const line of text.split('\n').slice(0, -1)) {
    const said = comment.exec(line);
    if (said !== null) {
      const [, what, of = '', rest = ''] = said;
      if (!name.test(of)) throw new Error(`no name: ${line}`);
      if (what === 'HELP') {
        if (families.has(of)) throw new Error(`told twice: ${line}`);
        help = { of, text: rest };
      } else {
        if (help?.of !== of) throw new Error(`TYPE without HELP: ${line}`);
        if (!/^(counter|gauge|histogram)$/.test(rest)) throw new Error(`no type: ${line}`);
        families.set(of, { kind: rest, help: help.text, samples: [] });
        present = of;
      }
      continue;
    }
    const found = parseSample(line);
    const family = families.get(present);
    const suffix = family?.kind === 'histogram' ? /^_(bucket|sum|count)$/ : /^$/;
    if (
      family === undefined ||
      !found.name.startsWith(present) ||
      !suffix.test(found.name.slice(present.length))
    )
      throw new Error(`a sample outside of its family ${present}: ${line}`);
    const identity = JSON.stringify([found.name, Object.entries(found.labels).sort()]);
    if (seen.has(identity)) throw new Error(`twice: ${line}`);
    seen.add(identity);
    family.samples.push(found);
  }
  for (const [of, family] of families) checkFamily(of, family);
  return families;
}

function parseSample(line: string): Sample {
  const [whole, of = '', inside, value = ''] = sample.exec(line) ?? [];
  if (whole === undefined) throw new Error(`no sample: ${line}`);
  if (!/^[+-]?(\d+(\.\d+)?(e[+-]?\d+)?|Inf)$/i.test(value)) throw new Error(`no number: ${line}`);
  const labels: Record<string, string> = {};
  label.lastIndex = 0;
  while (inside !== undefined && label.lastIndex < inside.length) {
    const at = label.lastIndex;
    const found = label.exec(inside);
    if (found === null) throw new Error(`no label at ${at}: ${line}`);
    const [, key = '', text = ''] = found;
    if (key in labels) throw new Error(`label ${key} twice: ${line}`);
    labels[key] = text.replaceAll(/\\(.)/g, (_, one: string) => (one === 'n' ? '\n' : one));
  }
  return { name: of, labels, value: Number(value) };
}

function checkFamily(of: string, { kind, samples }: Family): void {
  if (samples.length === 0) throw new Error(`${of} has no samples`);
  if (kind === 'counter' && !of.endsWith('_total')) throw new Error(`a counter ends with _total: ${of}`);
  if (kind === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`${of} is below 0`);
  if (kind !== 'histogram') return;
  for (const count of samples.filter((one) => one.name === `${of}_count`)) {
    const isSame = ({ labels }: Sample) =>
      Object.entries(count.labels).every(([key, text]) => labels[key] === text);
    const buckets = samples.filter((one) => one.name === `${of}_bucket` && isSame(one));
    const bounds = buckets.map(({ labels }) => (labels.le === '+Inf' ? Infinity : Number(labels.le)));
    if (bounds.some((bound, index) => !(bound > (bounds[index - 1] ?? -Infinity))))
      throw new Error(`bounds of ${of}`);
    const values = buckets.map(({ value }) => value);
    if (values.some((value, index) => value < (values[index - 1] ?? 0)))
      throw new Error(`buckets of ${of} fall`);
    if (bounds.at(-1) !== Infinity || values.at(-1) !== count.value)
      throw new Error(`${of} has no whole +Inf`);
    if (!samples.some((one) => one.name === `${of}_sum` && isSame(one))) throw new Error(`${of} has no sum`);
  }
}
