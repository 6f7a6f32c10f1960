import t from 'tap';
import { piped } from '../support/crash/pipe.ts';
import { proveCrashes, tellingFirst } from '../support/crash/prove.ts';
import { plain } from '../support/crash/scenes.ts';

const isFull = process.env.CCCI_SCALE === 'full';
/** So many kills at the small size; at the full one each place is tried. */
const small = 30;

t.test('L03 L16 one comment, each program killed at each of its calls', async (t) => {
  await proveCrashes(t, {
    name: 'plain',
    said: plain,
    round: piped,
    choose: (places) => (isFull ? places : tellingFirst(places, small)),
    enough: isFull ? Number.POSITIVE_INFINITY : small,
    least: isFull ? 500 : 27,
  });
});
