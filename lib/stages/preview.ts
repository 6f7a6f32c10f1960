import { mkdir, rm } from 'node:fs/promises';
import type { Discovery } from '../plan/discover.ts';
import { runDomain, stackName } from '../recipe/names.ts';
import { secretsInSettings } from '../recipe/secret-settings.ts';
import type { StageName } from '../records/common.ts';
import { cutText, stamp } from '../records/encode.ts';
import type { Plan } from '../records/plan.ts';
import type { Preview } from '../records/preview.ts';
import type { ResultStage } from '../records/results.ts';
import type { Trigger } from '../records/trigger.ts';
import { type Masker, makeMasker } from '../runs/mask.ts';
import { type CheckOutOptions, checkOut, emptyPlan } from './check-out.ts';
import { emptyScratch } from './context.ts';
import { expectation } from './expectation.ts';
import { lintOutcome, lintTests } from './lint.ts';
import { lintCheckout } from './lint-checkout.ts';
import { warnOfTools } from './missing-tools.ts';
import { withNeeds } from './needs-settings.ts';
import { judgeSides, type Sides } from './policy.ts';
import type { CheckedTest, StageOutcome } from './recorder.ts';
import type { RunOptions } from './run.ts';
import { settled } from './settled.ts';
import { startStopwatch } from './stopwatch.ts';

export type PreviewOptions = CheckOutOptions &
  Pick<RunOptions, 'runs' | 'owner' | 'domain' | 'limits' | 'environment'> & {
    readonly ingress: Pick<RunOptions['ingress'], 'kind'>;
    /** Folder of its own: what lies there is removed before and after. */
    readonly work: string;
  };

/**
 * Looks at a trigger as its run will, as far as nothing is deployed: plan, policy, lint, what changes, the estimate.
 * Touches no engine. Null where it was ended, and where what is wrong is ours: that is no word about the commit.
 */
export async function previewTrigger(trigger: Trigger, options: PreviewOptions): Promise<Preview | null> {
  const { work } = options;
  const remove = () => rm(work, { recursive: true, force: true, maxRetries: 3 });
  await remove();
  await mkdir(work, { recursive: true, mode: 0o700 });
  try {
    const found = await checkOut(trigger, options, work);
    const masker = makeMasker();
    if (found.kind === 'found') return await lookAt(trigger, found.discovery, { ...options, masker });
    const outcome: StageOutcome =
      found.kind === 'failed' ? found.outcome : { status: 'fail', summary: found.failure.message };
    const plan = emptyPlan(trigger, options.stamping);
    return toPreview(plan, [{ name: 'checkout', outcome }], { ...options, masker });
  } finally {
    await remove();
  }
}

type Looking = PreviewOptions & { readonly masker: Masker };
type Looked = {
  readonly name: StageName;
  readonly outcome: StageOutcome;
  readonly tests?: readonly CheckedTest[];
};

async function lookAt(trigger: Trigger, discovery: Discovery, options: Looking): Promise<Preview | null> {
  const { signal, masker, environment } = options;
  for (const secret of secretsInSettings(discovery.settings)) masker.add(secret);
  const bugs: Error[] = [];
  const timed = async (work: () => Promise<StageOutcome>) => {
    const ms = startStopwatch();
    const outcome = await settled(work, bugs, signal);
    return { ...outcome, ms: ms() };
  };
  const policy = await timed(() => judge(trigger, discovery, options));
  let tests: readonly CheckedTest[] = [];
  const lint = await timed(async () => {
    const report = await lintCheckout(discovery.head, discovery.checkout.tags);
    tests = lintTests(report);
    return lintOutcome(report);
  });
  const [bug] = bugs;
  if (bug !== undefined) throw bug;
  const looked: Looked[] = [
    { name: 'checkout', outcome: { status: 'pass' } },
    { name: 'policy', outcome: policy },
    { name: 'lint', outcome: lint, tests },
  ];
  return toPreview(await warnOfTools(discovery.plan, await environment()), looked, options);
}

/** Under the domain that the run will have: the same text is rendered, and judged the same. */
async function judge(trigger: Trigger, discovery: Discovery, options: Looking): Promise<StageOutcome> {
  const domain = runDomain({ recipe: trigger.recipe, run: trigger.key, base: options.domain });
  const stack = stackName(domain);
  const sides: Sides = { head: null, base: null, baseProblem: null };
  const context = {
    ...options,
    ...{ trigger, discovery, domain, stack, network: `${stack}_run` },
    settings: discovery.settings,
    directory: { id: trigger.key },
    scratch: emptyScratch(),
    sources: { baseDomain: options.domain },
  };
  return judgeSides(withNeeds(context), sides);
}

async function toPreview(plan: Plan, looked: readonly Looked[], options: Looking): Promise<Preview | null> {
  const isOurs = looked.some(({ outcome }) => outcome.status === 'fail' && outcome.cause === 'infra');
  if (options.signal.aborted || isOurs) return null;
  const changes = looked.find(({ outcome }) => outcome.changes !== undefined)?.outcome.changes;
  const fields = {
    type: 'preview' as const,
    key: plan.trigger.key,
    plan,
    stages: looked.map((one) => rowOf(one, options.masker)),
    ...(changes === undefined ? {} : { changes }),
    ...(await expectation(plan, options)),
  };
  return stamp(fields, options.stamping);
}

/** Bytes that are kept of each text, as of a test in `results.json`. */
const textLimit = 2_048;

function rowOf({ name, outcome, tests = [] }: Looked, masker: Masker): ResultStage {
  const { status, cause = 'recipe', summary = null, ms = 0 } = outcome;
  return {
    name,
    status,
    cause: status === 'fail' ? cause : null,
    summary: summary === null ? null : cutText(masker.mask(summary), textLimit * 8).text,
    on: null,
    ms,
    tests: tests.map((test) => ({ ...test, file: null, ...messageOf(test, masker) })),
  };
}

function messageOf({ message }: CheckedTest, masker: Masker): { message: string | null; cut?: number } {
  if (message === null || message === undefined) return { message: null };
  const { text, cut } = cutText(masker.mask(message), textLimit);
  return { message: text, ...(cut === 0 ? {} : { cut }) };
}
