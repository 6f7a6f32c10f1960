import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { viewOf } from '../lib/pages/records.ts';
import { storyOf, writeManyRuns, writeRun } from '../support/site/many-runs.ts';
import { type Folders, publisherOf } from '../support/site/publish.ts';
import { type Figure, figure, limited } from './figure.ts';
import { peer, scratch } from './scene.ts';
import { median, timed } from './timed.ts';

const runCount = 500;
const rounds = 3;
const moreRuns = 5;

/**
 * The pages of 500 runs of 25 recipes from nothing, against a loop that reads and writes the same files, durably and
 * plainly; one more run against all of that; and how large the overview is.
 */
export async function* pages(): AsyncGenerator<Figure> {
  for await (const dir of scratch()) {
    const folders = { state: join(dir, 'state'), runs: join(dir, 'runs'), directory: join(dir, 'pages') };
    await mkdir(folders.runs);
    await prepareState(folders.state);
    writeManyRuns(folders.runs, runCount);
    const { ours, durable, plain } = await measure(folders, join(dir, 'peer'));
    const bench = `pages ${runCount} from nothing`;
    yield figure({ bench, ours, peer: durable, unit: 'ms', against: 'bare loop, durably', goal: 5 });
    yield figure({ bench, ours, peer: plain, unit: 'ms', against: 'bare loop, no fsync', goal: 5 });
    const one = await measureOneMore(folders);
    yield figure({
      bench: 'pages one more run',
      ours: one,
      peer: ours,
      unit: 'ms',
      against: bench,
      goal: 0.05,
    });
    const { size } = await stat(join(folders.directory, 'index.html'));
    yield limited({ bench: 'pages overview', ours: size / 1000, unit: 'kB' }, 200);
  }
}

async function measure(folders: Folders, copy: string) {
  const [ours, durable, plain]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < rounds; round += 1) {
    await rm(folders.directory, { recursive: true, force: true });
    ours.push(await timeOf(() => publisherOf(folders).overview()));
    const list = await writeList(folders, copy);
    for (const [times, way] of [
      [durable, 'durably'],
      [plain, 'plainly'],
    ] as const) {
      await rm(copy, { recursive: true, force: true });
      times.push(await timed(peer('pages-loop.mjs', way, list)));
    }
  }
  return { ours: median(ours), durable: median(durable), plain: median(plain) };
}

async function measureOneMore(folders: Folders): Promise<number> {
  const times: number[] = [];
  for (let index = runCount; index < runCount + moreRuns; index += 1) {
    const publisher = publisherOf(folders);
    await publisher.overview();
    const story = storyOf('ghost', index);
    writeRun(folders.runs, story);
    const one = async () => {
      await publisher.run(viewOf(story));
      await publisher.idle();
    };
    times.push(await timeOf(one));
  }
  return median(times);
}

/** What the peer reads and writes: all that lies below the runs, and a copy of the sizes of our pages. */
async function writeList({ runs, directory }: Folders, copy: string): Promise<string> {
  const read = (await filesBelow(runs)).map((path) => [path]);
  const written: [string, number][] = [];
  for (const path of await filesBelow(directory))
    written.push([join(copy, relative(directory, path)), (await stat(path)).size]);
  const list = `${copy}.json`;
  await writeFile(list, JSON.stringify([...read, ...written]));
  return list;
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
