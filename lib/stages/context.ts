import type { Discovery } from '../plan/discover.ts';
import type { FrontDoor } from '../probe/front-door.ts';
import type { RunLimits } from '../recipe/run-limits.ts';
import type { Settings } from '../recipe/settings.ts';
import type { Changes } from '../records/changes.ts';
import type { Base } from '../records/plan.ts';
import type { Trigger } from '../records/trigger.ts';
import type { Masker } from '../runs/mask.ts';
import type { RunDirectory } from '../runs/open.ts';
import type { Engine } from '../swarm/engine.ts';
import { namespaceLabel } from '../swarm/shapes.ts';
import type { Ingress } from './ingress.ts';
import type { Recorder } from './recorder.ts';

/**
 * What is deployed, and where: the recipe under test, or one that it needs. Whatever deploys, probes or calls hooks
 * takes a context, and knows the one from the other by these fields alone.
 */
export type Deployment = {
  /** Of a dependency: the run's trigger with the dependency's name and commit. */
  readonly trigger: Trigger;
  readonly discovery: Discovery;
  readonly settings: Settings;
  readonly domain: string;
  readonly stack: string;
  /** The deployment's own overlay network, in the place of the shared `proxy`. */
  readonly network: string;
  /** How requests come to the deployment. */
  readonly ingress: Ingress;
  readonly scratch: Scratch;
};

/** What all stages of one run share, with the deployment that they are about. */
export type RunContext = Deployment & {
  readonly directory: RunDirectory;
  readonly recorder: Recorder;
  readonly masker: Masker;
  readonly engine: Engine;
  /** Content of `$CCCI_STATE/id`. */
  readonly owner: string;
  /** Ends the run: a person, a newer trigger, the time limit. */
  readonly signal: AbortSignal;
  /** What a service may take where its recipe sets no limit. */
  readonly limits?: RunLimits | undefined;
  readonly randomBytes: (length: number) => Uint8Array;
  /** Where dependencies come from. */
  readonly sources: Sources;
};

/** What is needed to find the recipes that another one needs. */
export type Sources = {
  readonly runs: string;
  /** Domain below which each deployment gets its own. */
  readonly baseDomain: string;
  readonly testsDir: string;
  readonly allowLocal: boolean;
  readonly forgeUrls: readonly string[];
  /** `stage.dependencies` of the configuration: name to repository. */
  readonly repositories: Readonly<Record<string, string>>;
};

/** What stages leave for later ones. */
export type Scratch = {
  frontDoor: FrontDoor | null;
  /** Last line that a service logged. */
  lastLine: (service: string) => string | null;
  /** Secrets that exist on the engine: full name to value. */
  readonly secrets: Map<string, string>;
  /** Images of both sides, name to content: part of the environment record. */
  readonly images: Record<string, string>;
  /** What the upgrade began from, where it was not what the plan says. */
  base?: Base | null;
  /** What changes between base and commit, where both could be rendered. */
  changes?: Changes;
  /** What an operator must do to upgrade, in words. */
  readonly operator: string[];
  /** What earlier stages saw, for tests (`CCCI_STAGE_STATE`). */
  readonly seen: Seen;
  /** Recipes that this one needs, in the order in which they were deployed. */
  readonly dependencies: DeployedDependency[];
  /** Why a recipe that this one needs is not ready; null while all are. */
  missingNeed: string | null;
};

/** What stages put down for the tests of later ones; the rest of `CCCI_STAGE_STATE` is in the plan and the rows. */
export type Seen = {
  /** Data of ours in the deployment that is up; null while nothing was seeded. */
  seeded: SeededNames | null;
  /** Id of the snapshot of the commit under test. */
  snapshot: string | null;
};

export type SeededNames = {
  readonly volumes: readonly string[];
  readonly databases: readonly string[];
  readonly notSeeded: readonly { readonly what: string; readonly why: string }[];
};

/** A recipe that the one under test needs, as far as it came. */
export type DeployedDependency = {
  readonly name: string;
  /** What runs: of one that stays up it may be an older one, while other runs use it. */
  version: string;
  /** Its own context, with its front door in `scratch`. */
  readonly context: RunContext;
  /** It stays up when the run is over. */
  readonly isShared: boolean;
  /** Lets a shared one go. */
  release: () => void;
  /** Ends the reading of its logs. */
  stopLogs: () => Promise<void>;
  isReady: boolean;
  /** Its hook `provide` was called, so `revoke` has to be. */
  isAsked: boolean;
  /** What that hook printed for this run. */
  credentials: Readonly<Record<string, string>>;
};

/** What a deployment begins with. */
export function emptyScratch(): Scratch {
  return {
    frontDoor: null,
    lastLine: () => null,
    secrets: new Map(),
    images: {},
    operator: [],
    seen: { seeded: null, snapshot: null },
    dependencies: [],
    missingNeed: null,
  };
}

/** Labels of everything that a run makes on the engine (design.md, rule 5). */
export function runLabels(context: Pick<RunContext, 'owner' | 'directory'>): Record<string, string> {
  return { 'ccci.owner': context.owner, 'ccci.run': context.directory.id };
}

/** The same, and the stack that it belongs to: of a run's stacks one can be removed without the others. */
export function stackLabels(context: RunContext): Record<string, string> {
  return { ...runLabels(context), [namespaceLabel]: context.stack };
}

export function milliseconds(seconds: number): number {
  return seconds * 1000;
}
