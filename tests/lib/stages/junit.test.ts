import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publishedFiles } from '@ccci/lib/pages/published.ts';
import { writeJunit } from '@ccci/lib/stages/junit.ts';
import { XMLValidator } from 'fast-xml-parser';
import t from 'tap';
import { copyPublished } from '../../../tools/report/copy.ts';
import { viewOf } from '../pages/records.ts';
import { row } from '../results/facts.ts';

const stages = [
  row('install', 'pass', { tests: [{ name: 'GET /', status: 'pass', ms: 1, file: null }] }),
  row('upgrade', 'fail', { summary: 'upgrade did not land' }),
  row('custom', 'pass', { tests: [{ name: 'front', status: 'pass', ms: 1, file: 'custom/front.test.ts' }] }),
];

t.test('what is written is what is copied and linked', async (t) => {
  const dir = t.testdir({ run: { junit: {} }, out: {} });
  await writeJunit(join(dir, 'run'), 'ghost', stages);
  const names = readdirSync(join(dir, 'run', 'junit'));
  for (const name of names)
    t.equal(XMLValidator.validate(readFileSync(join(dir, 'run', 'junit', name), 'utf8')), true, name);
  t.match(
    readFileSync(join(dir, 'run', 'junit', 'upgrade.xml'), 'utf8'),
    '<failure message="upgrade did not land">',
  );

  await copyPublished(join(dir, 'run'), join(dir, 'out'));
  t.same(readdirSync(join(dir, 'out', 'junit')), names, 'copied');
  const linked = publishedFiles(viewOf({ results: { stages } })).downloads.map(({ path }) => path);
  t.same(
    linked.filter((path) => path.startsWith('junit/')).sort(),
    names.map((name) => `junit/${name}`).sort(),
  );
});

t.test('a folder that cannot be written to is said with its path', async (t) => {
  const dir = t.testdir({});
  await t.rejects(writeJunit(dir, 'ghost', stages), { message: /junit\/install\.xml/ });
});
