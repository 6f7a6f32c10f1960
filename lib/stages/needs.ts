import { type Dependency, findDependency } from '../plan/dependency.ts';
import { exitStatus, Failure } from '../program/failure.ts';
import { routedService } from '../recipe/labels.ts';
import { makeRelay } from '../swarm/relay.ts';
import { type DeployedDependency, type RunContext, runLabels } from './context.ts';
import { dependencyContext, isShared } from './dependency-context.ts';
import { openDoor } from './ingress.ts';
import { installDependency } from './install-dependency.ts';
import { keepShared } from './keep-shared.ts';
import { makeNetwork } from './objects.ts';
import { overlayPaths, type Prepared, prepareStack } from './prepare.ts';
import { provide } from './provide.ts';
import { pullImages } from './pull.ts';
import type { StageOutcome } from './recorder.ts';
import { relayName } from './teardown.ts';
import { watchLogs } from './watch-logs.ts';

const relayMs = 60_000;

/**
 * Stage needs: deploys the recipes that this one needs, one after the other, makes each of them reachable for the app
 * by its domain, and has credentials provided. One that is not ready leaves the others as they are (stages.md, Verdict:
 * incomplete); what is not ready is in `scratch.missingNeed`.
 */
export async function deployNeeds(context: RunContext): Promise<StageOutcome> {
  const problems: StageOutcome[] = [];
  await makeNetwork(context);
  for (const name of context.settings.needs) {
    const problem = await settle(context, () => deployOne(context, name));
    if (problem !== null) problems.push({ ...problem, summary: `${name} is not ready: ${problem.summary}` });
  }
  const [first] = problems;
  if (first === undefined) return { status: 'pass', on: null };
  const summary = problems.map((problem) => problem.summary).join('; ');
  context.scratch.missingNeed = summary;
  const infra = problems.find(({ cause }) => cause === 'infra');
  return infra === undefined
    ? { status: 'unver', summary, on: null }
    : { status: 'fail', cause: 'infra', summary, on: null };
}

/** A failure on the way is why it is not ready; an end of the run and a bug are what they are. */
async function settle(
  context: RunContext,
  work: () => Promise<StageOutcome | null>,
): Promise<StageOutcome | null> {
  try {
    return await work();
  } catch (error) {
    if (context.signal.aborted || !(error instanceof Failure)) throw error;
    const summary = error.hint === undefined ? error.message : `${error.message} (${error.hint})`;
    return error.status === exitStatus.badInput
      ? { status: 'unver', summary }
      : { status: 'fail', cause: 'infra', summary };
  }
}

async function deployOne(context: RunContext, name: string): Promise<StageOutcome | null> {
  const { sources, trigger, directory, signal } = context;
  const into = `${directory.work}/needs/${name}`;
  const dependency = await findDependency({ ...sources, name, repo: trigger.repo, into, signal });
  const deployed = begin(context, dependency);
  const own = deployed.context;
  const prepared = await prepareStack(own, {
    dir: own.discovery.head,
    ref: dependency.ref,
    overlays: overlayPaths(own, 'head'),
  });
  if (prepared.refusals.length > 0) {
    const words = prepared.refusals.map(({ message }) => message).join('; ');
    return { status: 'unver', summary: `refused by policy: ${words}` };
  }
  const pulled = await pullImages(own, { head: prepared, base: null, baseProblem: null });
  if (pulled.status !== 'pass') return notItsFault(pulled);
  // Its way in stays open when the run is ended: credentials have to be revoked then.
  const routed = routedService(prepared.rendered);
  if (routed !== null)
    own.scratch.frontDoor ??= await openDoor({ ...own, signal: new AbortController().signal }, routed);
  const problem = await bringUpOrKeep(context, deployed, prepared);
  if (problem !== null) return notItsFault(problem);
  own.scratch.standing = prepared;
  await openRelay(context, deployed, prepared);
  const refused = await provide(context, deployed);
  if (refused !== null) return { status: 'unver', summary: refused };
  deployed.isReady = true;
  return null;
}

function begin(context: RunContext, dependency: Dependency): DeployedDependency {
  const deployed: DeployedDependency = {
    name: dependency.name,
    version: dependency.version,
    context: dependencyContext(context, dependency),
    isShared: isShared(context, dependency.name),
    release: () => {},
    stopLogs: async () => {},
    isReady: false,
    isAsked: false,
    credentials: {},
  };
  // The log of one that stays up tells of other runs as well.
  if (!deployed.isShared) deployed.stopLogs = watchLogs(deployed.context, `${dependency.name}_`).stop;
  context.scratch.dependencies.push(deployed);
  return deployed;
}

async function bringUpOrKeep(
  context: RunContext,
  deployed: DeployedDependency,
  prepared: Prepared,
): Promise<StageOutcome | null> {
  if (!deployed.isShared) return await installDependency(deployed.context, prepared);
  const { version, problem, release } = await keepShared(context, deployed.context, prepared);
  deployed.release = release;
  deployed.version = version ?? deployed.version;
  return problem;
}

/** The app's containers know the dependency by its domain alone, and it does not know them at all. */
async function openRelay(
  context: RunContext,
  { context: own }: DeployedDependency,
  prepared: Prepared,
): Promise<void> {
  const routed = routedService(prepared.rendered);
  if (routed === null) return;
  await makeRelay(context.engine, {
    name: relayName(context, own),
    labels: runLabels(context),
    from: { network: context.network, alias: own.domain },
    to: { service: `${own.stack}_${routed.service}`, port: routed.port },
    timeoutMs: relayMs,
    signal: context.signal,
  });
}

/** What fails in another recipe is no failure of the one under test. */
function notItsFault(outcome: StageOutcome): StageOutcome {
  const { summary = null } = outcome;
  return outcome.cause === 'infra'
    ? { status: 'fail', cause: 'infra', summary }
    : { status: 'unver', summary };
}
