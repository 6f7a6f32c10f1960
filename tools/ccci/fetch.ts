import { exitStatus, Failure, messageOf } from '@ccci/lib/program/failure.ts';
import type { Results } from '@ccci/lib/records/results.ts';
import { resultsSchema } from '@ccci/lib/records/results.ts';
import type { RunAddress } from './address.ts';

/** Until an answer begins, and between two pieces of it. */
const silenceMs = 20_000;
const resultsLimit = 8 * 1024 ** 2;
/** Of a recording; beyond it is no run that ccci made. */
export const recordingLimit = 256 * 1024 ** 2;

/**
 * What stands at an address, piece by piece. `Failure`s: 65 `not-there` (404) and `too-large`, 69 `unreachable` for
 * anything else.
 */
export async function* fetchBytes(
  url: string,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('no answer in time')), silenceMs);
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, silence.signal]) });
    if (answer.status === 404) throw notThere(url);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    let size = 0;
    for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
      timer.refresh();
      size += piece.length;
      if (size > limit) throw tooLarge(url, limit);
      yield piece;
    }
  } catch (error) {
    if (error instanceof Failure || signal.aborted) throw error;
    throw unreachable(url, silence.signal.aborted ? silence.signal.reason : error);
  } finally {
    clearTimeout(timer);
  }
}

/** The results of a run by its page; null where there are none yet, or none at all. */
export async function fetchResults({ folder }: RunAddress, signal: AbortSignal): Promise<Results | null> {
  const url = `${folder}results.json`;
  const text = await fetchText(url, { limit: resultsLimit, signal });
  if (text === null) return null;
  const parsed = resultsSchema.safeParse(readJson(text));
  if (parsed.success) return parsed.data;
  throw new Failure(exitStatus.badInput, 'no-results', `${url} holds no results of ccci`, {
    hint: 'name the page of a run, as https://ci.example.org/runs/gitea-14497/',
  });
}

async function fetchText(
  url: string,
  options: { readonly limit: number; readonly signal: AbortSignal },
): Promise<string | null> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of fetchBytes(url, options)) pieces.push(piece);
  } catch (error) {
    if (error instanceof Failure && error.code === 'not-there') return null;
    throw error;
  }
  return Buffer.concat(pieces).toString('utf8');
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function notThere(url: string): Failure {
  return new Failure(exitStatus.badInput, 'not-there', `there is nothing at ${url}`, {
    hint: 'name the page of a run, as https://ci.example.org/runs/gitea-14497/',
  });
}

function tooLarge(url: string, limit: number): Failure {
  const message = `${url} is not read: it has more than ${limit / 1024 ** 2} MiB`;
  return new Failure(exitStatus.badInput, 'too-large', message);
}

function unreachable(url: string, error: unknown): Failure {
  const cause = (error as { cause?: unknown } | null)?.cause;
  const words = cause === undefined ? messageOf(error) : messageOf(cause);
  return new Failure(exitStatus.unavailable, 'unreachable', `cannot read ${url}: ${words}`, {
    hint: 'is this machine connected, and is the address right?',
  });
}
