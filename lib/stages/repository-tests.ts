import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import glob from 'fast-glob';
import tar from 'tar-stream';
import { routedService } from '../recipe/labels.ts';
import type { PlannedTest } from '../records/plan.ts';
import { ensureImages } from '../swarm/images.ts';
import { runContainer } from '../swarm/run-container.ts';
import type { TestCase } from '../testing/case.ts';
import { casesInside, commandInside, folderInside } from '../testing/in-container.ts';
import { milliseconds, type RunContext, runLabels } from './context.ts';
import type { Rendered } from './prepare.ts';
import { startStopwatch } from './stopwatch.ts';

export type RepositoryOutcome = {
  readonly files: number;
  readonly failed: readonly string[];
  readonly notRun: readonly { readonly file: string; readonly why: string }[];
};

const pullLimitMs = 900_000;
const outputBytes = 8 * 1024 ** 2;

/**
 * Runs the allowed tests of the recipe's own repository, each in a container of the operator's image on the run's
 * network, files copied in: no volume, no socket, nothing of the host (D5, security.md). Each case is a `test` record.
 */
export async function runRepositoryTests(
  context: RunContext,
  deployed: Rendered,
): Promise<RepositoryOutcome> {
  const planned = context.discovery.plan.tests.filter(({ origin }) => origin === 'repository');
  const { repositoryFolder, settings } = context.discovery;
  const image = settings.repositoryTests?.image;
  if (planned.length === 0 || repositoryFolder === null || image === undefined)
    return { files: 0, failed: [], notRun: [] };
  const problem = await bringImage(context, image);
  const files = problem === null ? await packTests(repositoryFolder) : Buffer.alloc(0);
  const failed: string[] = [];
  const notRun: { readonly file: string; readonly why: string }[] = [];
  for (const test of planned) {
    const why = problem ?? (test.removed === true ? 'this commit has it no more' : null);
    const cases: readonly TestCase[] =
      why === null
        ? await runOne(context, { test, image, files, deployed })
        : [{ name: test.file, status: 'unver', ms: 0, message: why }];
    for (const one of cases) await context.recorder.test({ ...one, file: test.file, origin: 'repository' });
    if (why !== null) notRun.push({ file: test.file, why });
    else if (cases.some(({ status }) => status === 'fail')) failed.push(test.file);
  }
  return { files: planned.length, failed, notRun };
}

async function bringImage({ engine, signal }: RunContext, image: string): Promise<string | null> {
  const [result] = await ensureImages(engine, [image], { signal, timeoutMs: pullLimitMs });
  const isThere = result?.state === 'present' || result?.state === 'pulled';
  return isThere ? null : `image ${image} of repositoryTests in recipe.yml cannot be had: ${result?.message}`;
}

type One = {
  readonly test: PlannedTest;
  readonly image: string;
  readonly files: Buffer;
  readonly deployed: Rendered;
};

async function runOne(context: RunContext, { test, image, files, deployed }: One): Promise<TestCase[]> {
  const timeoutMs = milliseconds(context.settings.timeouts.http);
  const elapsed = startStopwatch();
  const ending = await runContainer(context.engine, {
    image,
    command: commandInside(test.runner, test.file),
    env: environmentInside(context, deployed),
    network: context.network,
    labels: runLabels(context),
    files,
    workingDir: folderInside,
    timeoutMs,
    signal: context.signal,
    outputBytes,
  });
  for (const line of ending.output.split('\n').slice(0, 200))
    if (line !== '') await context.recorder.say(test.file, line);
  const cases = casesInside(test, ending, timeoutMs);
  return cases.length === 1 ? cases.map((one) => ({ ...one, ms: one.ms || elapsed() })) : cases;
}

/** On the run's network the app is reached by its tasks' name, without the front door of this machine. */
function environmentInside(context: RunContext, deployed: Rendered): Record<string, string> {
  const routed = routedService(deployed.rendered);
  const at = routed === null ? null : `tasks.${context.stack}_${routed.service}:${routed.port}`;
  return {
    CCCI_DOMAIN: context.domain,
    CCCI_STACK: context.stack,
    CCCI_RECIPE: context.trigger.recipe,
    CCCI_REF: context.trigger.ref,
    CCCI_RUN: context.directory.id,
    CCCI_STAGE: 'custom',
    HOME: '/tmp',
    ...(at === null ? {} : { CCCI_CONNECT: at, CCCI_URL: `http://${at}` }),
  };
}

/** The folder `tests` of the target branch, readable for everybody, as a tar for `/`. */
async function packTests(folder: string): Promise<Buffer> {
  const pack = tar.pack();
  const entries = await glob('tests/**/*', {
    cwd: folder,
    dot: true,
    onlyFiles: true,
    followSymbolicLinks: false,
  });
  for (const name of entries.sort()) {
    const { mode } = await stat(join(folder, name));
    const header = { name: `${folderInside.slice(1)}/${name}`, mode: (mode & 0o111) === 0 ? 0o644 : 0o755 };
    pack.entry(header, await readFile(join(folder, name)));
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
