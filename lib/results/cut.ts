import { cutText } from '../records/encode.ts';
import type { ResultStage, Results } from '../records/results.ts';

/** Most of a test's message in `run.finished`, in bytes (records.md). */
const messageBytes = 2 * 1024;
/** What `run.finished` may take of a line of 1 MiB, so that the other fields fit beside it. */
const recordBytes = 900 * 1024;

/** Cuts messages of tests, so that a run with thousands of them still is one record; what is missing is said. */
export function cutResults(results: Results): Results {
  for (const limit of [messageBytes, 256, 0]) {
    const smaller = { ...results, stages: results.stages.map((stage) => cutStage(stage, limit)) };
    if (Buffer.byteLength(JSON.stringify(smaller)) <= recordBytes) return smaller;
  }
  return { ...results, stages: results.stages.map(keepFailedTests) };
}

function cutStage(stage: ResultStage, limit: number): ResultStage {
  return { ...stage, tests: stage.tests.map((test) => cutTest(test, limit)) };
}

function cutTest(test: ResultStage['tests'][number], limit: number): ResultStage['tests'][number] {
  if (typeof test.message !== 'string') return test;
  const { text, cut } = cutText(test.message, limit);
  return cut === 0 ? test : { ...test, message: text, cut: cut + (test.cut ?? 0) };
}

/** The last resort: of each stage the first hundred failed tests, the others as a number. */
function keepFailedTests(stage: ResultStage): ResultStage {
  const tests = stage.tests.filter((test) => test.status === 'fail').slice(0, 100);
  const kept = tests.map((test) => cutTest({ ...test, name: cutText(test.name, 256).text }, 256));
  return { ...stage, tests: kept, tests_left_out: stage.tests.length - kept.length };
}
