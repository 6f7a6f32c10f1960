import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleHash } from '@ccci/lib/records/common.ts';
import { encodeLine } from '@ccci/lib/records/encode.ts';
import { type Results, resultsSchema } from '@ccci/lib/records/results.ts';
import type { AnyRecord } from '@ccci/lib/records/types.ts';
import { recording, refused, type Story } from '../../lib/pages/records.ts';

const names = [
  'authentik', 'bluesky-pds', 'cryptpad', 'custom-html', 'discourse', 'drone', 'element', 'ghost', 'gitea', 'hedgedoc',
  'immich', 'jitsi', 'keycloak', 'lasuite-docs', 'matrix-synapse', 'mattermost', 'mealie', 'mumble', 'n8n', 'nextcloud',
  'outline', 'plausible', 'rallly', 'uptime-kuma', 'wordpress',
]; // biome-ignore format: a list

const firstFinished = 1_790_000_000;

/** What a run of one recipe is to be like: three of four are green. */
export function storyOf(recipe: string, index: number): Story {
  const finished = firstFinished + index * 3_700;
  const common = {
    recipe,
    version: `${1 + (index % 7)}.${index % 4}.0+${5 + (index % 3)}.1.2`,
    started: finished - 190 - (index % 50),
    finished,
  };
  const run = `gitea-${20_000 + index}`;
  const ref = exampleHash.slice(0, 12);
  const results: Partial<Results> = { ...common, ref, pr: String(1 + (index % 40)) };
  if (index % 11 === 3) {
    const reason = 'the registry answers 429 (rate limit)';
    return { run, results: { ...results, verdict: 'infra', level: 0, reason } };
  }
  if (index % 13 === 5) return { run, results: { ...results, scope: 'partial', level: null } };
  return index % 4 === 1 ? { ...refused, run, results } : { run, results };
}

/** Writes what a stage leaves of a run. */
export function writeRun(runs: string, story: Story): readonly AnyRecord[] {
  const { run = 'gitea-14497' } = story;
  const records = recording(story).map((record) => ({
    ...record,
    ...(typeof record.key === 'string' ? { key: run.replace(/\.\d+$/, '') } : {}),
  }));
  const folder = join(runs, run);
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(join(folder, 'events.ndjson'), records.map(encodeLine).join(''));
  writeFileSync(join(folder, 'logs', 'app.log'), 'starting\n'.repeat(20));
  const {
    type: _type,
    v: _v,
    at: _at,
    by: _by,
    key: _key,
    run: _run,
    ...results
  } = records.at(-1) as AnyRecord;
  writeFileSync(join(folder, 'results.json'), `${JSON.stringify(resultsSchema.parse(results), null, 2)}\n`);
  return records;
}

/** So many runs of 25 recipes, one after the other. */
export function writeManyRuns(runs: string, count: number): void {
  for (let index = 0; index < count; index += 1)
    writeRun(runs, storyOf(names[index % names.length] as string, index));
}
