import t from 'tap';
import { loadDatabase } from '../support/engine/databases/load.ts';
import { enterBox } from '../support/engine/enter.ts';
import { testGroup } from '../support/matrix/matrix.ts';

const box = await enterBox(import.meta.url);
await loadDatabase(box, 'postgres');
await loadDatabase(box, 'mariadb');

testGroup(t, 'databases');
