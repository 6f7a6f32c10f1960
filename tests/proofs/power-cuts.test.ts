import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastGlob from 'fast-glob';
import t from 'tap';
import { sitesOf, type Told, takeOut, tell } from '../support/disk/missing-sync.ts';
import type { Scene, SweepOptions, Swept } from '../support/disk/sweep.ts';
import { root } from '../support/runner/suite.ts';
import { dedupeScene } from './power/dedupe-scene.ts';
import { filesScenes } from './power/files-scene.ts';
import { stageScenes } from './power/stage-scene.ts';
import { stories } from './power/stories.ts';

const options: SweepOptions =
  process.env.CCCI_SCALE === 'full'
    ? { seeds: 4, seconds: 6, stride: 29 }
    : { seeds: 1, seconds: 2, stride: 0 };

const total = { points: 0, lost: 0, doubled: 0 };
const told: Told[] = [];

prove('what a function has written is there when it has returned', filesScenes);
prove('L02 L03 poll, hook and dedupe: every comment is judged exactly once', stories.map(dedupeScene));
prove('L16 stage: every trigger has exactly one end, and no run is forgotten', stageScenes);

t.test('taking out any fsync shows', async (t) => {
  const sites = sitesOf(told);
  const taken = await takeOut(told, sites, options);
  for (const { site, noticed } of taken) t.type(noticed, 'string', `${site}: ${noticed}`);
  const asked = new Set(sites.flatMap((site) => site.split(' < ')));
  for (const line of syncLines()) t.ok(asked.has(line), `${line} is asked for in one of the scenes`);
  const noticed = taken.filter((one) => one.noticed !== null).length;
  const { points, lost, doubled } = total;
  t.comment(`${points} points, ${lost} lost, ${doubled} doubled`);
  t.comment(`${taken.length} fsyncs taken out, ${noticed} noticed`);
});

/** All cuts, with everything in place. */
function prove<World>(what: string, scenes: readonly Scene<World>[]): void {
  t.test(what, async (t) => {
    for (const scene of scenes) {
      const one = await tell(scene, options);
      told.push(one);
      count(one.swept);
      t.strictSame(one.swept.wrong.slice(0, 5), [], `${scene.name}: ${one.swept.points} points`);
      t.ok(one.swept.points > 100, 'it was cut');
    }
  });
}

function count({ points, wrong }: Swept): void {
  total.points += points;
  total.lost += wrong.filter((one) => /lost|only|forgotten|history/.test(one)).length;
  total.doubled += wrong.filter((one) => /doubled|twice|again|ends/.test(one)).length;
}

function syncLines(): readonly string[] {
  const isSync = /disk\.sync\(|(write|append|rename)Durably\(|syncFolder\(/;
  const files = fastGlob.sync('lib/state/*.ts', { cwd: root }).sort();
  return files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((text, index) =>
        isSync.test(text) && !text.includes('function ') ? [`${file}:${index + 1}`] : [],
      ),
  );
}
