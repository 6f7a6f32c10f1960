import { join } from 'node:path';
import type { StageName } from '../records/common.ts';
import type { PlannedTest } from '../records/plan.ts';
import { runTestFile } from '../testing/run-file.ts';
import { milliseconds, type RunContext } from './context.ts';
import { type Inside, withInside } from './inside.ts';
import type { StageOutcome } from './recorder.ts';
import { makeSpeaker } from './speaker.ts';

/** What came of the test files of one stage. */
export type TestsOutcome = {
  readonly files: number;
  readonly failed: readonly string[];
  readonly notRun: readonly string[];
  /** What kept the first of them from running, and what to do about it. */
  readonly why: string | null;
};

/** Runs the operator's test files of a stage, each in the sandbox, each case a `test` record. */
export async function runStageTests(context: RunContext, stage: StageName): Promise<TestsOutcome> {
  const folder = context.discovery.testsFolder;
  const planned = context.discovery.plan.tests.filter(
    (test) => test.stage === stage && test.origin === 'operator',
  );
  const failed: string[] = [];
  const notRun: { readonly file: string; readonly why: string | null }[] = [];
  if (folder === null || planned.length === 0) return { files: 0, failed, notRun: [], why: null };
  const run = async (test: PlannedTest, inside: Inside) => {
    const cases = await runOne(context, { stage, folder, test, inside });
    const unver = cases.find((one) => one.status === 'unver');
    if (cases.some((one) => one.status === 'fail')) failed.push(test.file);
    else if (unver !== undefined) notRun.push({ file: test.file, why: unver.message });
  };
  await withInside(context, async (fresh) => {
    for (const test of planned) await run(test, await fresh());
  });
  const why = notRun[0]?.why ?? null;
  return { files: planned.length, failed, notRun: notRun.map(({ file }) => file), why };
}

/** Which files did not run, and why. */
export function didNotRun({ notRun, why }: Pick<TestsOutcome, 'notRun' | 'why'>): string {
  return `did not run: ${notRun.join(', ')}${why === null ? '' : ` (${why})`}`;
}

/** Overlay tests run beside the generic checks, never instead: what they add to a stage's outcome; null is nothing. */
export async function overlayOutcome(context: RunContext, stage: StageName): Promise<StageOutcome | null> {
  const { failed, notRun, why } = await runStageTests(context, stage);
  if (failed.length > 0)
    return { status: 'fail', cause: 'recipe', summary: `${stage} tests failed: ${failed.join(', ')}` };
  if (notRun.length > 0) return { status: 'unver', summary: `${stage} tests ${didNotRun({ notRun, why })}` };
  return null;
}

type OneFile = {
  readonly stage: StageName;
  readonly folder: string;
  readonly test: PlannedTest;
  readonly inside: Inside;
};

async function runOne(context: RunContext, { stage, folder, test, inside }: OneFile) {
  const say = makeSpeaker(context, test.file);
  const { cases } = await runTestFile({
    file: join(folder, test.file),
    runner: test.runner,
    tree: folder,
    env: testEnvironment(context, stage),
    ...inside,
    timeoutMs: milliseconds(context.settings.timeouts.http),
    signal: context.signal,
    onLine: say.line,
  });
  await say.end();
  for (const one of cases) await context.recorder.test({ ...one, file: test.file });
  return cases;
}

/** What a test or hook may know; source: stages.md, Settings and hooks of a recipe. */
export function testEnvironment(context: RunContext, stage: StageName): Record<string, string> {
  const door = context.scratch.frontDoor;
  return {
    CCCI_DOMAIN: context.domain,
    CCCI_APP_DOMAIN: context.domain,
    CCCI_STACK: context.stack,
    CCCI_RECIPE: context.trigger.recipe,
    CCCI_REF: context.trigger.ref,
    CCCI_RUN: context.directory.id,
    CCCI_STAGE: stage,
    CCCI_DEPS_READY: context.scratch.missingNeed === null ? '1' : '0',
    ...(door === null ? {} : { CCCI_URL: door.url, CCCI_CONNECT: `${door.address}:${door.port}` }),
  };
}
