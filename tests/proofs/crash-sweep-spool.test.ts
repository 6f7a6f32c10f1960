import t from 'tap';
import { spooled } from '../support/crash/pipe.ts';
import { proveCrashes, spread } from '../support/crash/prove.ts';
import { mixed } from '../support/crash/scenes.ts';

const isFull = process.env.CCCI_SCALE === 'full';

t.test('L16 by the directory alone, programs killed', async (t) => {
  await proveCrashes(t, {
    name: 'spooled',
    said: mixed,
    round: spooled,
    choose: (places) =>
      spread(
        places.filter(({ telling }) => telling),
        isFull ? 300 : 30,
      ),
    least: isFull ? 250 : 25,
  });
});
