import t from 'tap';
import { hooked } from '../support/crash/pipe.ts';
import { proveCrashes, spread } from '../support/crash/prove.ts';
import { mixed } from '../support/crash/scenes.ts';

const isFull = process.env.CCCI_SCALE === 'full';
const count = isFull ? 300 : 10;

t.test('L03 comments by webhook, the receiver and dedupe killed', async (t) => {
  await proveCrashes(t, {
    name: 'hooked',
    said: mixed,
    round: hooked,
    choose: (places) => {
      const own = places.filter(({ program }) => program === 'ccci-hook' || program === 'ccci-dedupe');
      return spread(isFull ? own : own.filter(({ telling }) => telling), count);
    },
    enough: count,
    least: count * 0.8,
  });
});
