import t from 'tap';
import { proveCrashes, spread } from '../support/crash/prove.ts';
import { mixed } from '../support/crash/scenes.ts';

const isFull = process.env.CCCI_SCALE === 'full';

t.test('L08 L16 many comments, a refusal and a cancel, programs killed: one verdict each', async (t) => {
  await proveCrashes(t, {
    name: 'mixed',
    said: mixed,
    choose: (places) =>
      spread(
        places.filter(({ telling }) => telling),
        isFull ? 400 : 50,
      ),
    least: isFull ? 350 : 40,
  });
});
