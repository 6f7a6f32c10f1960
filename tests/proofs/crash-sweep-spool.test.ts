import t from 'tap';
import { spooled } from '../support/crash/pipe.ts';
import { proveCrashes, spread } from '../support/crash/prove.ts';
import { mixed } from '../support/crash/scenes.ts';

const count = process.env.CCCI_SCALE === 'full' ? 300 : 10;

t.test('L16 by the directory alone, programs killed', async (t) => {
  await proveCrashes(t, {
    name: 'spooled',
    said: mixed,
    round: spooled,
    choose: (places) =>
      spread(
        places.filter(({ telling }) => telling),
        count,
      ),
    enough: count,
    least: count * 0.8,
  });
});
