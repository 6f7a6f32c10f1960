import { XMLBuilder } from 'fast-xml-parser';
import type { Status } from '../records/common.ts';
import type { ResultStage, Results } from '../records/results.ts';

export type JunitTest = {
  readonly name: string;
  readonly status: Status;
  readonly ms: number;
  readonly file?: string | null;
  readonly message?: string | null | undefined;
};

export type JunitSuite = {
  readonly recipe: string;
  /** Name of the stage. */
  readonly stage: string;
  readonly tests: readonly JunitTest[];
};

/**
 * JUnit XML of the tests of one stage (of one file, where the caller hands in only those). `unver` is an `error`,
 * never a pass (L15).
 */
export function junitXml(suite: JunitSuite): string {
  return render([suiteNode(suite)]);
}

/** JUnit XML of whole runs, a suite per stage; a stage without tests of its own is a case itself (L33). */
export function junitOfRuns(runs: readonly Pick<Results, 'recipe' | 'stages' | 'skips'>[]): string {
  return render(
    runs.flatMap(({ recipe, stages, skips }) => [
      ...stages.map((stage) => stageNode(recipe, stage)),
      ...withoutRow(stages, skips).map((test) => suiteNode({ recipe, stage: test.name, tests: [test] })),
    ]),
  );
}

/** The stage itself as a case, with its summary as the reason. */
export function stageCase({ name, status, ms, summary }: ResultStage): JunitTest {
  return { name, status, ms, message: summary };
}

/** Stages that were not attempted are cases too: what did not run must not look as if it had never been asked for. */
function withoutRow(stages: readonly ResultStage[], { intentional, unintentional }: Results['skips']) {
  const names = new Set<string>(stages.map((stage) => stage.name));
  const skipped = Object.entries(intentional).map(([name, message]) => ({
    name,
    message,
    status: 'skip' as const,
    ms: 0,
  }));
  const missing = unintentional.map(({ name, reason }) => ({
    name,
    message: reason,
    status: 'unver' as const,
    ms: 0,
  }));
  return [...missing, ...skipped].filter(({ name }) => !names.has(name));
}

function stageNode(recipe: string, row: ResultStage) {
  const isTold = row.tests.some((test) => test.status === row.status);
  return suiteNode({ recipe, stage: row.name, tests: isTold ? row.tests : [...row.tests, stageCase(row)] });
}

function suiteNode({ recipe, stage, tests }: JunitSuite) {
  const count = (status: Status) => String(tests.filter((test) => test.status === status).length);
  return {
    '@name': attribute(`${recipe} ${stage}`),
    '@tests': String(tests.length),
    '@failures': count('fail'),
    '@errors': count('unver'),
    '@skipped': count('skip'),
    '@time': seconds(tests.reduce((sum, test) => sum + test.ms, 0)),
    testcase: tests.map((test) => caseNode(test, stage)),
  };
}

function caseNode(test: JunitTest, stage: string) {
  return {
    '@name': attribute(test.name),
    '@classname': attribute(test.file ?? `ccci.${stage}`),
    '@time': seconds(test.ms),
    ...statusNode(test),
  };
}

function statusNode({ status, message }: JunitTest): object {
  const text = clean(message ?? '');
  const first = attribute(text.split('\n', 1)[0] ?? '');
  if (status === 'fail') return { failure: { '@message': first, '#text': text } };
  if (status === 'unver') return { error: { '@type': 'not-run', '@message': first, '#text': text } };
  if (status === 'skip') return { skipped: { '@message': first } };
  return {};
}

function render(suites: readonly object[]): string {
  const builder = new XMLBuilder({
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
    format: true,
  });
  const body = builder.build({ testsuites: { testsuite: suites } });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

/** Line ends inside an attribute would be read back as blanks anyway. */
function attribute(text: string): string {
  return clean(text).replace(/[\t\n\r]+/g, ' ');
}

/** Drops what XML 1.0 cannot hold: control characters, half surrogates, U+FFFE and U+FFFF. */
function clean(text: string): string {
  return Buffer.from(text, 'utf8')
    .toString('utf8')
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '')
    .replaceAll('\r\n', '\n');
}
