import t from 'tap';
import { piped } from '../support/crash/pipe.ts';
import { proveCrashes, tellingFirst } from '../support/crash/prove.ts';
import { plain } from '../support/crash/scenes.ts';

const isFull = process.env.CCCI_SCALE === 'full';
const fewest = 205;

t.test('L03 L16 one comment, each program killed at each of its calls', async (t) => {
  const choose = isFull ? <P>(places: readonly P[]) => places : null;
  await proveCrashes(t, {
    name: 'plain',
    said: plain,
    round: piped,
    choose: choose ?? ((places) => tellingFirst(places, fewest)),
    least: isFull ? 500 : 190,
  });
});
