import type { Browser } from 'playwright-core';

/** The app under test, as a custom test sees it: `import { app } from '@ccci/test'`. */
export type App = {
  /** `https://DOMAIN`. */
  readonly url: string;
  readonly domain: string;
  readonly recipe: string;
  /** The commit under test, 40 hexadecimal digits. */
  readonly ref: string;
  /** The stage that this test belongs to. */
  readonly stage: string;
  /** What earlier stages saw. */
  readonly state: StageState;
  /** What the recipe's dependencies gave, by recipe; empty without any. */
  readonly deps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** `fetch` of a path of the app; the certificate authority of the run is trusted. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
  /** Runs a command in the newest container of a service. A status other than 0 is a result, no error. */
  readonly exec: (service: string, argv: readonly string[], options?: ExecOptions) => Promise<ExecResult>;
  /** The last lines that a service wrote, secrets masked. */
  readonly logs: (service: string, options?: LogOptions) => Promise<string[]>;
  /** Image, labels, mounts, tasks of a service; of its environment the names only. */
  readonly inspect: (service: string, options?: DepOptions) => Promise<ServiceInfo>;
  readonly services: (options?: DepOptions) => Promise<{ name: string; stack: string; image: string }[]>;
  /** Chromium, started at the first call, closed behind the last test. It reaches the run's names only. */
  readonly browser: () => Promise<Browser>;
  /** Goes on when these dependencies (all of them unless named) are ready, else ends the test as *not run*. */
  readonly requireDeps: (...recipes: readonly string[]) => void;
  /** Ends the present test as *not run*: it is not the app's fault, and the run is incomplete. */
  readonly notRun: (reason: string) => never;
};

export type DepOptions = {
  /** Recipe of a dependency whose service is meant; without it the app's own. */
  readonly dep?: string;
};

export type LogOptions = DepOptions & {
  /** Number of lines, 1 to 1,000; 100 unless told. */
  readonly tail?: number;
};

export type ExecOptions = DepOptions & {
  /** User in the container; without it that of the image. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** 30,000 unless told. */
  readonly timeoutMs?: number;
};

export type ExecResult = {
  /** 124 when the time was up; 126 and 127 when it could not be started. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** Bytes of output that were left out: an answer has at most 1 MiB of each. */
  readonly cut: number;
};

export type ServiceInfo = {
  readonly name: string;
  readonly stack: string;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly command: readonly string[] | null;
  readonly args: readonly string[] | null;
  /** Names, without their values. */
  readonly environment: readonly string[];
  readonly healthcheck: readonly string[] | null;
  readonly mounts: readonly {
    readonly type: string;
    readonly source: string | null;
    readonly target: string;
  }[];
  readonly secrets: readonly string[];
  readonly configs: readonly string[];
  readonly replicas: number | null;
  readonly update: string | null;
  /** Newest first. */
  readonly tasks: readonly {
    readonly id: string;
    readonly slot: number | null;
    readonly state: string;
    readonly desired: string;
    readonly since: string;
    readonly error: string | null;
    readonly exitCode: number | null;
    readonly container: string | null;
  }[];
};

/** What earlier stages of the run saw: the content of `CCCI_STAGE_STATE`. */
export type StageState = {
  readonly schema: 1;
  readonly run: string;
  readonly recipe: string;
  /** The commit under test. */
  readonly ref: string;
  readonly version: string | null;
  /** Where the upgrade begins; null without an upgrade. */
  readonly base: { readonly ref: string; readonly version: string | null } | null;
  /** Commit that the tasks run now, where that is known. */
  readonly on: string | null;
  /** When the file was written, RFC 3339. */
  readonly at: string;
  /** Stages that have ended, in order. */
  readonly stages: readonly {
    readonly name: string;
    readonly status: 'pass' | 'fail' | 'skip' | 'unver';
    readonly summary: string | null;
    readonly on: string | null;
    readonly ms: number;
  }[];
  /** Data of ours that was put into the deployment that runs now. */
  readonly seeded: {
    readonly volumes: readonly string[];
    /** `service (kind)`. */
    readonly databases: readonly string[];
    readonly notSeeded: readonly { readonly what: string; readonly why: string }[];
  } | null;
  /** Id of the snapshot that the stage backup took of the commit under test; null before it. */
  readonly snapshot: string | null;
  /** What an operator must do to upgrade, in words. */
  readonly operator: readonly string[];
  /** The recipe's `recipe.yml` with defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
};
