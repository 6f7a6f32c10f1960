import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { TestCase } from './case.ts';
import { notRunReason } from './diagnostics.ts';

const lists = new Set(['testsuite', 'testcase', 'failure', 'error', 'skipped']);

/** Reads pytest's JUnit XML; null where there is none, or it is broken. */
export function readJunit(text: string): TestCase[] | null {
  if (text.trim() === '' || XMLValidator.validate(text) !== true) return null;
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    parseAttributeValue: false,
    parseTagValue: false,
    isArray: (name) => lists.has(name),
  });
  const root = parser.parse(text) as Node;
  const suites = children(root, 'testsuites').flatMap((suites) => children(suites, 'testsuite'));
  const all = suites.length > 0 ? suites : children(root, 'testsuite');
  return all.flatMap((suite) => children(suite, 'testcase')).map((testcase) => readCase(testcase));
}

type Node = Readonly<Record<string, unknown>>;

function children(node: Node, name: string): Node[] {
  const found = node[name];
  const all = Array.isArray(found) ? found : found === undefined ? [] : [found];
  return all.map((one) => (typeof one === 'object' && one !== null ? (one as Node) : { '#text': one }));
}

function readCase(testcase: Node): TestCase {
  const name = nameOf(testcase);
  const ms = Math.round(Number(testcase['@time'] ?? 0) * 1000);
  const bad = [...children(testcase, 'failure'), ...children(testcase, 'error')];
  if (bad.length > 0)
    return { name, status: 'fail', ms, message: bad.map((one) => describe(one)).join('\n') };
  const [skipped] = children(testcase, 'skipped');
  if (skipped === undefined) return { name, status: 'pass', ms, message: null };
  const why = String(skipped['@message'] ?? 'skipped');
  const notRun = notRunReason(why);
  return { name, status: notRun === null ? 'skip' : 'unver', ms, message: notRun ?? why };
}

/** A method's name alone may be there several times: its class stands in front. */
function nameOf(testcase: Node): string {
  const name = String(testcase['@name'] ?? 'test');
  const group =
    String(testcase['@classname'] ?? '')
      .split('.')
      .at(-1) ?? '';
  return /^Test[A-Z_0-9]/.test(group) ? `${group} > ${name}` : name;
}

function describe(node: Node): string {
  const parts = [node['@message'], node['#text']].filter((part) => part !== undefined && part !== '');
  return parts.map(String).join('\n') || 'failed';
}
