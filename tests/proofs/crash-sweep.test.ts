import t from 'tap';
import { proveCrashes, tellingFirst } from '../support/crash/prove.ts';
import { plain } from '../support/crash/scenes.ts';

const isFull = process.env.CCCI_SCALE === 'full';
const fewest = 205;

t.test(
  'L03 L16 one comment, each program killed at each of its calls: one verdict, one comment',
  async (t) => {
    const choose = isFull ? <P>(places: readonly P[]) => places : null;
    await proveCrashes(t, {
      name: 'plain',
      said: plain,
      choose: choose ?? ((places) => tellingFirst(places, fewest)),
      least: isFull ? 500 : 190,
    });
  },
);
