/** Exit statuses of all programs; source: records.md, "Exit status". */
export const exitStatus = {
  ok: 0,
  red: 1,
  usage: 64,
  badInput: 65,
  unavailable: 69,
  bug: 70,
  inputOutput: 74,
  leftOver: 75,
  configuration: 78,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

export type FailureOptions = {
  readonly cause?: unknown;
  /** What the reader can do about it, one sentence. */
  readonly hint?: string;
};

/**
 * An expected failure: the program (or the part that is at work) cannot go on, and says why in words.
 * Anything thrown that is not a `Failure` is a bug (status 70, with its stack).
 */
export class Failure extends Error {
  readonly status: ExitStatus;
  /** Stable, kebab-case; for programs and tests. */
  readonly code: string;
  readonly hint: string | undefined;

  constructor(status: ExitStatus, code: string, message: string, options: FailureOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'Failure';
    this.status = status;
    this.code = code;
    this.hint = options.hint;
  }
}

/** The message of whatever was thrown, in one line. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error of Node's (`ENOENT`) or of a `Failure`; undefined where there is none. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}
