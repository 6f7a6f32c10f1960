import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Tree } from '../plan/tree.ts';
import { routedService } from '../recipe/labels.ts';
import { secretsInSettings } from '../recipe/secret-settings.ts';
import type { Plan } from '../records/plan.ts';
import type { Masker } from '../runs/mask.ts';
import { type DeployedDependency, emptyScratch, type RunContext } from './context.ts';
import { openDoor } from './ingress.ts';
import type { KeptDeployment } from './kept-deployment.ts';
import { closeDoor } from './teardown.ts';

/** What an attached run has of its own: directory, records, masks, engine, present settings. */
export type AttachedParts = Pick<
  RunContext,
  'directory' | 'recorder' | 'masker' | 'engine' | 'owner' | 'ingress' | 'signal' | 'sources'
> & {
  readonly plan: Plan;
  readonly tree: Tree;
  /** `work` of the kept run: what was checked out lies there. */
  readonly keptWork: string;
};

/** The kept deployment as stages know one, with the present tree of tests. Nothing is deployed, opened or asked. */
export function attachedContext(kept: KeptDeployment, parts: AttachedParts): RunContext {
  const { plan, tree, keptWork, ...shared } = parts;
  const { domain, stack, network } = kept;
  const context: RunContext = {
    ...shared,
    trigger: plan.trigger,
    discovery: {
      plan,
      head: join(keptWork, 'checkout', 'head'),
      base: null,
      settings: tree.settings,
      testsFolder: tree.folder,
      checkout: {
        dir: join(keptWork, 'checkout', 'head'),
        ref: plan.ref,
        dirty: kept.dirty,
        tags: [],
        pullHead: null,
      },
      target: null,
      tree,
      repositoryFolder: kept.repositoryFolder,
    },
    settings: tree.settings,
    domain,
    stack,
    network,
    // Nothing is deployed: there is no landing page to take a picture of.
    aside: (work) => work(),
    screenshotMs: null,
    randomBytes: (length) => randomBytes(length),
    scratch: {
      ...emptyScratch(),
      secrets: new Map(Object.entries(kept.secrets)),
      operator: [...kept.operator],
      seen: kept.seen,
      missingNeed: kept.missingNeed,
    },
  };
  for (const one of kept.dependencies) context.scratch.dependencies.push(attachedDependency(context, one));
  return context;
}

/** Whatever may not be told: what was made for the deployment, what it was given, and what the settings hold. */
export function maskKept(masker: Masker, kept: KeptDeployment, { settings }: Tree): void {
  const deployments = [kept, ...kept.dependencies];
  for (const { secrets } of deployments) for (const value of Object.values(secrets)) masker.add(value);
  for (const { credentials } of kept.dependencies)
    for (const value of Object.values(credentials)) masker.add(value);
  for (const secret of secretsInSettings(settings)) masker.add(secret);
}

/** Opens the ways to the deployment and to what it needs, for as long as `work` takes. */
export async function withDoors<T>(
  context: RunContext,
  kept: KeptDeployment,
  work: () => Promise<T>,
): Promise<T> {
  const needed = context.scratch.dependencies.map((one, index) => ({
    context: one.context,
    rendered: kept.dependencies[index]?.rendered,
  }));
  const all = [{ context, rendered: kept.rendered }, ...needed];
  try {
    for (const one of all) {
      const routed = one.rendered === undefined ? null : routedService(one.rendered);
      if (routed !== null) one.context.scratch.frontDoor = await openDoor(one.context, routed);
    }
    return await work();
  } finally {
    for (const one of all) await closeDoor(one.context);
  }
}

function attachedDependency(
  context: RunContext,
  { name, version, domain, stack, network, secrets, isReady, credentials }: KeptDeployment['dependencies'][0],
): DeployedDependency {
  const own = { ...emptyScratch(), secrets: new Map(Object.entries(secrets)) };
  return {
    name,
    version,
    context: { ...context, domain, stack, network, scratch: own },
    isShared: false,
    release: () => {},
    stopLogs: async () => {},
    isReady,
    isAsked: false,
    credentials,
  };
}
