/** What the built programs count, read where node_exporter reads it, and a disk that is full of something else. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseMetrics } from '../lib/metrics/parse.ts';
import { enterBox } from '../support/engine/enter.ts';
import { enrolment, pipeline, shell } from '../support/journey/pipeline.ts';
import { maintainer, makeSite, organisation, type SiteRecipe } from '../support/journey/site.ts';

await enterBox(import.meta.url);

/** Refused before anything is deployed: a whole run in a moment. */
const refused = 'hostile-host-mount';
const site = await makeSite({ dir: t.testdir(), recipes: [refused] });
t.teardown(site.close);
const [recipe] = site.recipes as [SiteRecipe];
const directory = join(site.dir, 'metrics');
mkdirSync(directory);
configure({ metrics: { directory } });

const write = (words: string) =>
  site.forge.comment(organisation, recipe.name, recipe.pull, maintainer, words);

/** Every metric without labels that a program writes, and series that one refused run and one bad line make. */
const table = [
  ['poll', 'ccci_poll_ticks_total', {}, 2],
  ['poll', 'ccci_poll_last_good_tick_timestamp_seconds', {}, 'some'],
  ['poll', 'ccci_poll_forge_calls_total', {}, 'some'],
  ['poll', 'ccci_poll_errors_total', {}, 0],
  ['poll', 'ccci_poll_triggers_total', {}, 1],
  ['dedupe', 'ccci_queue_waiting', {}, 'any'],
  ['dedupe', 'ccci_queue_running', {}, 'any'],
  ['dedupe', 'ccci_queue_oldest_waiting_timestamp_seconds', {}, 'any'],
  ['dedupe', 'ccci_dedupe_accepted_total', {}, 1],
  ['dedupe', 'ccci_dedupe_drops_total', { reason: 'grammar' }, 1],
  ['stage', 'ccci_runs_total', { recipe: refused, verdict: 'incomplete' }, 1],
  ['stage', 'ccci_run_duration_seconds_count', { verdict: 'incomplete' }, 1],
  ['stage', 'ccci_stages_total', { stage: 'policy', status: 'fail' }, 1],
  ['stage', 'ccci_stage_duration_seconds_count', { stage: 'policy', status: 'fail' }, 1],
  ['report', 'ccci_comment_to_pending_seconds_count', {}, 1],
  ['report', 'ccci_comment_to_verdict_seconds_count', {}, 1],
  ['report', 'ccci_report_forge_calls_total', {}, 'some'],
  ['report', 'ccci_report_errors_total', {}, 0],
  ['report', 'ccci_report_retries_total', {}, 0],
] as const;

t.test('each program of the pipe writes what it counts', async (t) => {
  t.equal((await shell(site, enrolment)).exit, 0);
  write('!testme --nonsense');
  write('!testme');
  const { stderr } = await shell(site, pipeline);
  for (const [program, name, labels, expected] of table) {
    const value = sampleOf(program, name, labels);
    const what = `${name}${JSON.stringify(labels)} of ${program} is ${value}: ${stderr}`;
    if (expected === 'some') t.ok((value ?? 0) > 0, what);
    else if (expected === 'any') t.ok((value ?? -1) >= 0, what);
    else t.equal(value, expected, what);
  }
});

t.test('a full disk for metrics and pages: said once for each, and everything is posted', async (t) => {
  write('!testme --nonsense');
  await shell(site, enrolment);
  const before = sampleOf('report', 'ccci_report_forge_calls_total', {}) ?? 0;
  const full = join(site.dir, 'full');
  mkdirSync(full);
  configure({ metrics: { directory: full }, report: { directory: join(full, 'pages') } });
  const fill = `mount -t tmpfs -o size=8k none ${full}; dd if=/dev/zero of=${full}/fill bs=4k status=none || :`;
  const report = `ccci-report --spool ${site.state} --once`;
  const filled = await shell(site, `unshare --mount sh -uc '${fill}; exec ${report}'`);
  t.equal(filled.exit, 75, `something is left for the next start: ${filled.stderr}`);
  t.match(filled.stderr, /cannot write the pages: .*ENOSPC.*; what is missing is written at the next start/);
  t.equal(filled.stderr.match(/metrics are not written: .*ENOSPC.*; the work goes on/g)?.length, 1, 'once');
  t.notMatch(filled.stderr, /this is a bug/);
  t.match(filled.records, [{ type: 'report', stage: 'final' }], 'posted all the same');

  // Nobody else saw that disk: the same folder has room now.
  const next = await shell(site, report);
  t.equal(next.exit, 0, next.stderr);
  t.equal(next.stderr, '');
  t.ok(existsSync(join(full, 'pages', 'index.html')), 'written at the next start');
  t.ok((sampleOf('report', 'ccci_report_forge_calls_total', {}, full) ?? 0) > before, 'counted in the state');
});

function sampleOf(
  program: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  folder = directory,
): number | undefined {
  const families = parseMetrics(readFileSync(join(folder, `ccci-${program}.prom`), 'utf8'));
  const samples = [...families.values()].flatMap((family) => family.samples);
  return samples.find((one) => one.name === name && isEqual(one.labels, labels))?.value;
}

function isEqual(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  return JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
}

/** Puts sections into the configuration. */
function configure(sections: Readonly<Record<string, object>>): void {
  const before = JSON.parse(readFileSync(site.configFile, 'utf8'));
  writeFileSync(site.configFile, JSON.stringify({ ...before, ...sections }));
}
