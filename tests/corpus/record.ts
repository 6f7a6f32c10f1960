import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterBox } from '../support/engine/enter.ts';
import { enrolment } from '../support/journey/pipeline.ts';
import { makeSite, type Site } from '../support/journey/site.ts';
import { start } from '../tools/stage/start.ts';
import { type Scene, scenes } from './scenes.ts';

const usage = `Usage: node tests/corpus/record.ts [NAME ...]

Makes the recordings of tests/corpus again, all or the named ones: for each a forge with a recipe of tests/recipes and
its pull request, the real programs, a private Docker Swarm. Needs dist (npm run build) and root. Then look at what
CCCI_CORPUS_UPDATE=1 npm test -- tests/corpus.test.ts makes of them. The scenes: tests/corpus/scenes.ts.
`;

const names = process.argv.slice(2);
if (names.some((name) => scenes[name] === undefined)) {
  process.stderr.write(`${usage}\nthere are: ${Object.keys(scenes).join(', ')}\n`);
  process.exitCode = 64;
} else {
  await enterBox(import.meta.url);
  await recordAll(names.length === 0 ? Object.keys(scenes) : names);
}

async function recordAll(chosen: readonly string[]): Promise<void> {
  // Short, and the same on every machine: it is in the recordings.
  const dir = await mkdtemp(join(tmpdir(), 'ccci-corpus-'));
  try {
    for (const name of chosen) await record(name, scenes[name] as Scene, join(dir, name));
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function record(name: string, { recipe, play }: Scene, dir: string): Promise<void> {
  const site = await makeSite({ dir, recipes: [recipe] });
  const into = join(import.meta.dirname, name);
  await mkdir(into, { recursive: true });
  try {
    await run(site, enrolment);
    const recording = await play({
      site,
      run: (line) => run(site, line),
      start: (line) => begin(site, line),
    });
    if (typeof recording === 'string') await writeFile(join(into, 'events.ndjson'), recording);
    else await copyFile(join(site.runs, recording.run, 'events.ndjson'), join(into, 'events.ndjson'));
    process.stdout.write(`${name}: recorded\n`);
  } finally {
    await site.close();
  }
}

async function run(site: Site, line: string): Promise<string> {
  const { exit, records, stderr } = await begin(site, line).ended;
  if (exit !== 0) throw new Error(`${line} ended with ${exit}: ${stderr}`);
  return records.map((one) => `${JSON.stringify(one)}\n`).join('');
}

function begin(site: Site, line: string) {
  const argv = ['bash', '--norc', '-o', 'pipefail', '-c', line] as const;
  return start([...argv], { cwd: site.dir, env: site.env, limitMs: 600_000 });
}
