import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalog, type MeteredProgram } from '@ccci/lib/metrics/catalog.ts';
import { metered } from '@ccci/lib/metrics/metered.ts';
import { openMetrics } from '@ccci/lib/metrics/open.ts';
import { makeRegistry, type Registry } from '@ccci/lib/metrics/registry.ts';
import { renderMetrics } from '@ccci/lib/metrics/render.ts';
import t from 'tap';
import { parseMetrics } from './parse.ts';

const programs = Object.keys(catalog) as MeteredProgram[];

t.test('the test’s own reader is strict', async (t) => {
  const good = '# HELP a_total A.\n# TYPE a_total counter\na_total{b="c\\"d\\n"} 1\n';
  t.same(parseMetrics(good).get('a_total')?.samples, [{ name: 'a_total', labels: { b: 'c"d\n' }, value: 1 }]);
  for (const bad of [
    good.slice(0, -1),
    good.replace('# HELP a_total A.\n', ''),
    good.replace('"c\\"d\\n"', '"c"d"'),
    good.replace(' 1\n', ' one\n'),
    good.replaceAll('a_total', 'a'),
    good + good,
    `${good}a_total{b="c\\"d\\n"} 2\n`,
  ])
    t.throws(() => parseMetrics(bad), bad);
});

t.test('every metric of every program renders, whatever its labels hold', async (t) => {
  const hostile = 'a"b\\c\nd{e="f"} 1\u202e';
  for (const program of programs) {
    const registry = makeRegistry(catalog[program], {});
    for (const { name, kind, labels } of catalog[program]) {
      const values = Object.fromEntries(labels.map((label) => [label, hostile]));
      if (kind === 'counter') registry.add(name, 2, values);
      else if (kind === 'gauge') registry.set(name, 1.5e9, values);
      else for (const value of [0, 7, 1e9]) registry.observe(name, value, values);
    }
    const text = renderMetrics(catalog[program], registry.samples());
    const read = parseMetrics(text);
    t.same(
      [...read.keys()],
      catalog[program].map(({ name }) => name),
    );
    for (const { name, labels, kind } of catalog[program]) {
      const [first] = read.get(name)?.samples ?? [];
      for (const label of labels) t.equal(first?.labels[label], hostile);
      if (kind === 'histogram') t.equal(read.get(name)?.samples.at(-1)?.value, 3);
    }
    // Where Prometheus' own tool is on the machine, it has to agree.
    const { error, status, stdout } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    if (error === undefined) t.equal(status, 0, stdout);
  }
});

t.test('no name belongs to two programs; names and labels are as Prometheus wants them', async (t) => {
  const all = programs.flatMap((program) => catalog[program]);
  t.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const { name, kind, labels, help } of all) {
    t.match(name, /^ccci_[a-z_]+$/);
    t.equal(name.endsWith('_total'), kind === 'counter', name);
    if (kind === 'histogram') t.match(name, /_seconds$/);
    t.match(help, /\.$/);
    for (const label of labels)
      t.match(label, /^(recipe|verdict|stage|status|reason|where)$/, 'nothing without bound');
  }
});

t.test('series are bounded: what is too many is counted together', async (t) => {
  const registry = makeRegistry(catalog.stage, {});
  for (let index = 0; index < 2_000; index += 1)
    registry.add('ccci_runs_total', 1, { recipe: `recipe-${index}`, verdict: 'green' });
  const samples =
    parseMetrics(renderMetrics(catalog.stage, registry.samples())).get('ccci_runs_total')?.samples ?? [];
  t.ok(samples.length <= 501);
  t.equal(
    samples.reduce((sum, { value }) => sum + value, 0),
    2_000,
    'none is lost',
  );
  t.throws(() => registry.add('ccci_nothing_total'), /no metric is named/);
});

t.test(
  'counters outlive the program; the text is whole, readable, and names nothing temporary',
  async (t) => {
    const dir = t.testdir({ text: {} });
    const options = { program: 'stage', directory: join(dir, 'text'), state: join(dir, 'state') } as const;
    const warn = (message: string) => t.fail(message);
    const run = { recipe: 'ghost', verdict: 'green' };
    const count = (registry: Registry) => {
      registry.add('ccci_runs_total', 1, run);
      registry.observe('ccci_run_duration_seconds', 61, { verdict: 'green' });
    };
    const one = openMetrics({ ...options, warn });
    const other = openMetrics({ ...options, warn });
    await Promise.all([one, other, one, other].map((metrics) => metrics.update(count)));
    await openMetrics({ ...options, warn }).update(count);
    const path = join(dir, 'text', 'ccci-stage.prom');
    const read = parseMetrics(readFileSync(path, 'utf8'));
    t.match(read.get('ccci_runs_total')?.samples, [{ labels: run, value: 5 }], 'of two at once too');
    t.equal(read.get('ccci_run_duration_seconds')?.samples.at(-1)?.value, 5);
    t.equal(statSync(path).mode & 0o777, 0o644, 'the collector is another user');
    t.same(readdirSync(join(dir, 'text')), ['ccci-stage.prom']);
    const stored = join(dir, 'state', 'metrics', 'stage.json');
    writeFileSync(stored, '{"half');
    await openMetrics({ ...options, warn }).update(count);
    t.match(parseMetrics(readFileSync(path, 'utf8')).get('ccci_runs_total')?.samples, [{ value: 1 }]);
    const changed = {
      ccci_runs_total: { '["a"]': 4 },
      ccci_run_duration_seconds: { '["green"]': { counts: [1], sum: 1 } },
    };
    writeFileSync(stored, JSON.stringify(changed));
    await openMetrics({ ...options, warn }).update(count);
    parseMetrics(readFileSync(path, 'utf8'));
  },
);

t.test('a folder that is not there is said once, and disturbs nothing', async (t) => {
  const dir = t.testdir();
  const said: string[] = [];
  const directory = join(dir, 'text');
  const metrics = openMetrics({
    program: 'poll',
    directory,
    state: join(dir, 'state'),
    warn: (message) => said.push(message),
  });
  const records = async function* () {
    for (let index = 0; index < 3; index += 1) yield { index };
  };
  const through: object[] = [];
  for await (const record of metered(
    records(),
    metrics,
    () =>
      ({ add }) =>
        add('ccci_poll_ticks_total'),
  ))
    through.push(record);
  t.same(through, [{ index: 0 }, { index: 1 }, { index: 2 }]);
  t.equal(said.length, 1);
  t.match(said[0], /metrics are not written: .*text.*the work goes on/);
  mkdirSync(directory);
  await metrics.update(() => {});
  const read = parseMetrics(readFileSync(join(directory, 'ccci-poll.prom'), 'utf8'));
  t.match(read.get('ccci_poll_ticks_total')?.samples, [{ value: 3 }], 'what was counted meanwhile is there');
  rmSync(directory, { recursive: true });
  const off = openMetrics({ program: 'poll', state: join(dir, 'off'), warn: (message) => t.fail(message) });
  const stream = records();
  t.equal(
    metered(stream, off, () => null),
    stream,
    'without a directory nothing stands in between',
  );
  await off.update(() => t.fail('nobody asked'));
  t.same(readdirSync(dir), ['state']);
});

t.test('docs/metrics.md has each metric once, with its type, labels and program', async (t) => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'metrics.md'), 'utf8');
  const rows = [...text.matchAll(/^\| `(ccci_\w+)` \| (\w+) \| (.*?) \| (\w+) \|/gm)].map((row) =>
    row.slice(1, 5),
  );
  const wanted = programs.flatMap((program) =>
    catalog[program].map(({ name, kind, labels }) => [
      name,
      kind,
      labels.map((label) => `\`${label}\``).join(', '),
      program,
    ]),
  );
  t.same(
    rows.map((row) => row.map((cell) => cell.trim())),
    wanted,
  );
  const known = new Set(wanted.map(([name]) => name));
  for (const [name] of text.matchAll(/ccci_[a-z_]+/g))
    t.ok(known.has(name.replace(/_(bucket|sum|count)$/, '')) || known.has(name), `${name} is one of them`);
});
