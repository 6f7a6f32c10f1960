import { junitOfRuns, junitXml } from '@ccci/lib/results/junit.ts';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import t from 'tap';
import { row } from './facts.ts';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testcase',
});
const nasty = 'a < b & "c" \'d\' ]]> \u001b[31m\u0000\ud800 \ufffe é €\nsecond';

t.test('the XML is valid and says what happened', async (t) => {
  const xml = junitXml({
    recipe: 'ghost',
    stage: 'custom',
    tests: [
      { name: 'front page', status: 'pass', ms: 1200, file: 'custom/front.test.ts' },
      { name: nasty, status: 'fail', ms: 3, message: nasty },
      { name: 'posts', status: 'unver', ms: 0, message: 'no pytest' },
      { name: 'mail', status: 'skip', ms: 0, message: 'no mail here' },
    ],
  });
  t.equal(XMLValidator.validate(xml), true);
  const suite = parser.parse(xml).testsuites.testsuite;
  t.match(suite, {
    '@name': 'ghost custom',
    '@tests': '4',
    '@failures': '1',
    '@errors': '1',
    '@skipped': '1',
  });
  t.match(suite.testcase[0], { '@classname': 'custom/front.test.ts', '@time': '1.200' });
  t.match(suite.testcase[2].error, { '@type': 'not-run' });
  t.equal(suite.testcase[1]['@name'], `a < b & "c" 'd' ]]> [31m\ufffd  é € second`);
  t.notMatch(xml, /[\u0000-\u0008\u001b\ufffe]/);
});

t.test('L33 a stage that failed without a test of its own is a case', async (t) => {
  const upgrade = row('upgrade', 'fail', { summary: 'upgrade did not land' });
  const passed = row('install', 'pass', { tests: [{ name: 'GET /', status: 'pass', ms: 1, file: null }] });
  const skips = {
    intentional: { backup: 'no labels' },
    unintentional: [{ name: 'custom', reason: 'no pytest' }],
  };
  const xml = junitOfRuns([{ recipe: 'ghost', stages: [passed, upgrade], skips }]);
  t.equal(XMLValidator.validate(xml), true);
  const suites = parser.parse(xml).testsuites.testsuite;
  t.match(suites[1].testcase[0], { '@name': 'upgrade', failure: { '@message': 'upgrade did not land' } });
  t.equal(suites[0].testcase.length, 1);
  t.match(
    suites[2].testcase[0],
    { '@name': 'custom', error: { '@message': 'no pytest' } },
    'L15 what did not run is there',
  );
  t.match(suites[3].testcase[0], { '@name': 'backup', skipped: { '@message': 'no labels' } });
});

t.test('no tests at all is still a document', async (t) => {
  t.equal(XMLValidator.validate(junitXml({ recipe: 'ghost', stage: 'custom', tests: [] })), true);
});
