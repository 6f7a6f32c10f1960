import { junitFileNames, junitFiles } from '@ccci/lib/results/junit-files.ts';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import t from 'tap';
import { row } from './facts.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testcase',
});
const nasty = 'a < b & "c" ]]> \u001b[31m\u0000\nsecond';
const inFile = (file: string, status: 'pass' | 'fail' = 'pass') => ({
  name: `case of ${file}`,
  status,
  ms: 1,
  file,
});

t.test('L33 a file per stage, which says how it ended, and one per test file', async (t) => {
  const own = { name: 'GET /', status: 'pass' as const, ms: 1, file: null };
  const stages = [
    row('pull', 'fail', { summary: 'no such image' }),
    row('install', 'pass', { tests: [own] }),
    row('upgrade', 'unver', { summary: 'not run: install failed' }),
    row('backup', 'skip', { summary: 'no labels' }),
    row('custom', 'fail', { summary: nasty, tests: [inFile('custom/a.py'), inFile('custom/b.py', 'fail')] }),
  ];
  const files = junitFiles('ghost', stages);
  t.same([...files.keys()], stages.flatMap(junitFileNames), 'what pages link to is what is written');
  const suites = Object.fromEntries(
    [...files].map(([name, xml]) => {
      t.equal(XMLValidator.validate(xml), true, name);
      return [name, parser.parse(xml).testsuites.testsuite];
    }),
  );
  t.match(suites['pull.xml'], { '@failures': '1', '@tests': '1' });
  t.match(suites['pull.xml'].testcase[0].failure, { '@message': 'no such image' });
  t.match(suites['install.xml'], { '@failures': '0', '@tests': '2' }, 'the stage and its check');
  t.match(suites['upgrade.xml'].testcase[0].error, { '@message': 'not run: install failed' }, 'L15');
  t.match(suites['backup.xml'].testcase[0].skipped, { '@message': 'no labels' });
  t.match(suites['custom.xml'], { '@failures': '1', '@tests': '1' });
  t.match(suites['custom-custom_a.py.xml'], { '@failures': '0', '@tests': '1' });
  t.match(suites['custom-custom_b.py.xml'], { '@failures': '1', '@tests': '1' });
});

t.test('files whose names come to the same, or are too long, lose no case', async (t) => {
  const long = 'x'.repeat(300);
  const tests = [`a b`, `a_b`, `${long}1`, `${long}2`].map((file) => inFile(file));
  const files = junitFiles('ghost', [row('custom', 'pass', { tests })]);
  const names = [...files.keys()];
  t.match(names.slice(0, 2), ['custom.xml', 'custom-a_b.xml']);
  t.equal(names.length, 3);
  t.ok(names.every((name) => name.length <= 200));
  t.equal(parser.parse(files.get('custom-a_b.xml') ?? '').testsuites.testsuite.testcase.length, 2);
});
