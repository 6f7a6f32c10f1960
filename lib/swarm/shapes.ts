/** What we read of the engine's JSON (API 1.41, names as the engine writes them); nothing here is complete. */
export type ServiceSpec = {
  readonly Name: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly TaskTemplate: TaskSpec;
  readonly Mode?: ServiceMode;
  readonly UpdateConfig?: UpdateConfig | null;
  readonly EndpointSpec?: { readonly Ports?: readonly PublishedPort[] } | null;
};

export type PublishedPort = {
  readonly PublishedPort: number;
  readonly Protocol?: string;
  /** `host` or `ingress`. */
  readonly PublishMode?: string;
};

export type ServiceMode = {
  readonly Replicated?: { readonly Replicas?: number };
  readonly Global?: object;
  readonly ReplicatedJob?: { readonly TotalCompletions?: number; readonly MaxConcurrent?: number };
  readonly GlobalJob?: object;
};

export type UpdateConfig = {
  /** Nanoseconds; 0 or missing is the engine's default of 5 s. */
  readonly Monitor?: number;
  readonly FailureAction?: string;
  readonly Order?: string;
};

export type TaskSpec = {
  readonly ContainerSpec?: ContainerSpec;
  readonly Placement?: { readonly Constraints?: readonly string[] | null };
  /** By id, as the engine has them. */
  readonly Networks?: readonly { readonly Target?: string }[] | null;
  readonly RestartPolicy?: {
    readonly Condition?: string;
    readonly MaxAttempts?: number;
    readonly Delay?: number;
  };
  readonly Resources?: { readonly Limits?: { readonly MemoryBytes?: number } };
  readonly Runtime?: string;
  readonly [more: string]: unknown;
};

export type ContainerSpec = {
  readonly Image: string;
  readonly Healthcheck?: Healthcheck | null;
  readonly [more: string]: unknown;
};

/** Durations in nanoseconds. */
export type Healthcheck = {
  readonly Test?: readonly string[] | null;
  readonly Interval?: number;
  readonly Retries?: number;
  readonly StartPeriod?: number;
};

export type UpdateStatus = {
  readonly State?: string;
  readonly StartedAt?: string;
  readonly CompletedAt?: string;
  readonly Message?: string;
};

export type EngineService = {
  readonly ID: string;
  readonly Version: { readonly Index: number };
  readonly Spec: ServiceSpec;
  readonly PreviousSpec?: ServiceSpec | null;
  readonly UpdateStatus?: UpdateStatus | null;
  readonly JobStatus?: { readonly JobIteration?: { readonly Index?: number } } | null;
};

export type EngineTask = {
  readonly ID: string;
  readonly ServiceID: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly Spec: TaskSpec;
  readonly DesiredState: string;
  readonly CreatedAt?: string;
  readonly JobIteration?: { readonly Index?: number } | null;
  readonly Status: {
    readonly Timestamp: string;
    readonly State: string;
    readonly Err?: string;
    readonly Message?: string;
    readonly ContainerStatus?: { readonly ContainerID?: string; readonly ExitCode?: number };
  };
};

const terminal = new Set(['complete', 'failed', 'rejected', 'shutdown', 'remove', 'orphaned']);

/** Whether the engine has done all that it will do for a task. */
export function hasEnded(task: EngineTask): boolean {
  return terminal.has(task.Status.State);
}

export type EngineNode = {
  readonly ID: string;
  readonly Spec: {
    readonly Availability?: string;
    readonly Role?: string;
    readonly Labels?: Readonly<Record<string, string>>;
  };
  readonly Description?: {
    readonly Hostname?: string;
    readonly Platform?: { readonly Architecture?: string; readonly OS?: string };
    readonly Engine?: { readonly Labels?: Readonly<Record<string, string>> };
  };
  readonly Status: { readonly State?: string };
};

export type EngineEvent = {
  readonly Type: string;
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
};

/** The label that `docker stack deploy` puts on all that it makes. */
export const namespaceLabel = 'com.docker.stack.namespace';

/** A service's name as compose has it: `app` of `blog_app` in the stack `blog`. */
export function shortName(stack: string, fullName: string): string {
  return fullName.startsWith(`${stack}_`) ? fullName.slice(stack.length + 1) : fullName;
}

/** `?filters=…` as the engine wants it. */
export function filters(wanted: Readonly<Record<string, readonly string[]>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(wanted))}`;
}

/** The filter for everything of one stack. */
export function ofStack(stack: string): string {
  return filters({ label: [`${namespaceLabel}=${stack}`] });
}
