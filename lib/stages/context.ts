import type { Discovery } from '../plan/discover.ts';
import type { FrontDoor } from '../probe/front-door.ts';
import type { RunLimits } from '../recipe/run-limits.ts';
import type { Settings } from '../recipe/settings.ts';
import type { Base } from '../records/plan.ts';
import type { Trigger } from '../records/trigger.ts';
import type { Masker } from '../runs/mask.ts';
import type { RunDirectory } from '../runs/open.ts';
import type { Engine } from '../swarm/engine.ts';
import type { Ingress } from './ingress.ts';
import type { Recorder } from './recorder.ts';

/** What all stages of one run share. */
export type RunContext = {
  readonly trigger: Trigger;
  readonly directory: RunDirectory;
  readonly recorder: Recorder;
  readonly masker: Masker;
  readonly engine: Engine;
  readonly discovery: Discovery;
  readonly settings: Settings;
  readonly domain: string;
  readonly stack: string;
  /** The run's own overlay network, in the place of the shared `proxy`. */
  readonly network: string;
  /** How requests come to the deployment. */
  readonly ingress: Ingress;
  /** Content of `$CCCI_STATE/id`. */
  readonly owner: string;
  /** Ends the run: a person, a newer trigger, the time limit. */
  readonly signal: AbortSignal;
  /** What a service may take where its recipe sets no limit. */
  readonly limits?: RunLimits | undefined;
  readonly randomBytes: (length: number) => Uint8Array;
  readonly scratch: Scratch;
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
  /** What an operator must do to upgrade, in words. */
  readonly operator: string[];
  /** What earlier stages saw, for tests (`CCCI_STAGE_STATE`). */
  readonly seen: Seen;
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

/** Labels of everything that a run makes on the engine (design.md, rule 5). */
export function runLabels(context: Pick<RunContext, 'owner' | 'directory'>): Record<string, string> {
  return { 'ccci.owner': context.owner, 'ccci.run': context.directory.id };
}

export function milliseconds(seconds: number): number {
  return seconds * 1000;
}
