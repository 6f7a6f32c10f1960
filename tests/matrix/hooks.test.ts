import t from 'tap';
import { enterBox } from '../support/engine/enter.ts';
import { testGroup } from '../support/matrix/matrix.ts';

await enterBox(import.meta.url);

testGroup(t, 'hooks');
