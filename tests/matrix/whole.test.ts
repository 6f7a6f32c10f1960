import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { readExpectations } from '../support/matrix/expectation.ts';

t.test('every recipe of the matrix is run, and there are enough of them', async (t) => {
  const expectations = readExpectations();
  for (const group of new Set(expectations.map((one) => one.group))) {
    t.ok(existsSync(join(import.meta.dirname, `${group}.test.ts`)), `tests/matrix/${group}.test.ts is there`);
  }
  t.ok(expectations.length >= 40, `${expectations.length} recipes, at least 40`);
});
