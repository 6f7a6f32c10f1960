import type { DiskSpaceFact } from './read-room.ts';

/** An answer, or the code and the words of why there is none. */
export type Answer<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: string; readonly words: string };

/** What was found out about this machine; nothing is judged yet. */
export type Facts = {
  /** Whose commands cure; null where it is neither. */
  readonly system: 'debian' | 'nixos' | null;
  readonly node: string;
  /** Version of the `docker` command. Codes: `client-missing`, `client-too-old`. */
  readonly client: Answer<string>;
  /** Version of the engine. Codes: `engine-unreachable`, `no-access`, `engine-host`, `no-swarm`, `not-a-manager`. */
  readonly engine: Answer<string>;
  /** The engine's address where somebody named another one than the usual socket; null for that. */
  readonly namedHost: string | null;
  /** Versions of programs by name; null where a program is not there. */
  readonly programs: Readonly<Record<ProgramName, string | null>>;
  /** Programs that the sandbox of tests is made with and that are not there. */
  readonly missingForSandbox: readonly string[];
  /** What bubblewrap says when it makes a sandbox; null where that went well, or where there is none. */
  readonly sandboxRefused: string | null;
  /** Whether users other than root may make namespaces; null where the system does not say. */
  readonly namespaces: Namespaces;
  /** Whose Python has pytest; null where none has. */
  readonly pytest: string | null;
  readonly chromium: string | null;
  readonly isRoot: boolean;
  readonly disks: readonly DiskSpaceFact[];
  readonly memoryMb: number | null;
  readonly needed: { readonly minDiskMb: number; readonly minMemoryMb: number };
};

export type ProgramName = 'git' | 'flock' | 'restic';

/** The first setting that forbids it, with what allows it; null where none does. */
export type Namespaces = { readonly setting: string; readonly allow: string } | null;
