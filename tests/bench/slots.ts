import { join } from 'node:path';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { startBox } from '../support/engine/box.ts';
import { boxCommand, boxEnv } from '../support/engine/enter.ts';
import { importImages } from '../support/engine/images.ts';
import { byHand, checkOut, makeHome } from '../tools/stage/home.ts';
import { is, start } from '../tools/stage/start.ts';
import { type Figure, figure } from './figure.ts';
import { scratch } from './scene.ts';
import { median } from './timed.ts';

const count = 4;
const rounds = 3;
const limitMs = 600_000;

/** Four runs of a small stateless recipe, both deployments, at once against the same four in a row, on one engine. */
export async function* slots(): AsyncGenerator<Figure> {
  const box = await startBox();
  try {
    await importImages(box);
    for await (const dir of scratch()) {
      const home = makeHome(join(dir, 'home'));
      await prepareState(home.state);
      const recipe = await checkOut(home, 'stateless');
      const { PATH: _path, ...env } = boxEnv(box);
      const time = async (atOnce: number) => {
        const argv = boxCommand(box, ['ccci-stage', '--allow-local', '--slots', String(atOnce)]);
        const input = Array.from({ length: count }, () => byHand(recipe));
        const startedAt = performance.now();
        const run = start([...argv] as [string, ...string[]], {
          cwd: home.dir,
          env: { ...home.env, ...env },
          input,
          limitMs,
        });
        const { records, stderr } = await run.ended;
        const green = records.filter(is('run.finished')).filter(({ verdict }) => verdict === 'green');
        if (green.length !== count) throw new Error(`${green.length} of ${count} runs were green: ${stderr}`);
        return performance.now() - startedAt;
      };
      const times = { atOnce: [] as number[], inRow: [] as number[] };
      for (let round = 0; round < rounds; round += 1) {
        times.inRow.push(await time(1));
        times.atOnce.push(await time(count));
      }
      yield figure({
        bench: 'slots',
        ours: median(times.atOnce) / 1000,
        peer: median(times.inRow) / 1000,
        unit: 's for 4 runs',
        against: '4 in a row',
        goal: 0.6,
      });
    }
  } finally {
    await box.stop();
  }
}
