import t from 'tap';
import { piped } from '../support/crash/pipe.ts';
import { proveCrashes, spread } from '../support/crash/prove.ts';
import { mixed } from '../support/crash/scenes.ts';

const count = process.env.CCCI_SCALE === 'full' ? 400 : 10;

t.test('L08 L16 many comments, programs killed', async (t) => {
  await proveCrashes(t, {
    name: 'mixed',
    said: mixed,
    round: piped,
    choose: (places) =>
      spread(
        places.filter(({ telling }) => telling),
        count,
      ),
    enough: count,
    least: count * 0.8,
  });
});
