import { exitStatus, Failure } from '../program/failure.ts';

/**
 * What went wrong: `unreachable` (no answer in time), `failed` (5xx), `busy` (429, or 503 with Retry-After),
 * `refused` (4xx), `redirected` (to where we do not go), `unreadable` (an answer that is not what was asked for).
 */
export type ForgeTrouble = 'unreachable' | 'failed' | 'busy' | 'refused' | 'redirected' | 'unreadable';

export type ForgeErrorFields = {
  readonly trouble: ForgeTrouble;
  readonly forge: string;
  readonly method: string;
  /** Path below `/api/v1`, with its query. */
  readonly path: string;
  /** HTTP status of the answer; null where none came. */
  readonly httpStatus: number | null;
  /** What the server asked us to wait (`Retry-After`); null where it did not. */
  readonly retryAfterMs: number | null;
};

/** A `Failure` (69, `forge-<trouble>`) of one request, with all that a caller may want to decide by. */
export type ForgeError = Failure & ForgeErrorFields;

/** Makes a `ForgeError`; `detail` ends the sentence "<method> <path> at <forge> …". */
export function forgeError(
  fields: ForgeErrorFields,
  detail: string,
  options: { readonly cause?: unknown; readonly hint?: string } = {},
): ForgeError {
  const { trouble, forge, method, path } = fields;
  const message = `${method} ${path.replace(/\?.*/, '')} at forge ${forge} ${detail}`;
  return Object.assign(new Failure(exitStatus.unavailable, `forge-${trouble}`, message, options), fields);
}

/** True for what `forgeError` made. */
export function isForgeError(error: unknown): error is ForgeError {
  return error instanceof Failure && error.code.startsWith('forge-') && 'trouble' in error;
}

/** True when the same request may well succeed later: never a judgement on what was asked. */
export function isPassing(error: ForgeError): boolean {
  return error.trouble !== 'refused' && error.trouble !== 'redirected';
}

/** True when nothing more can be had of this forge now. */
export function isAway(error: ForgeError | null): boolean {
  return error !== null && (error.trouble === 'unreachable' || error.trouble === 'busy');
}
