import { Failure } from '../program/failure.ts';
import { checkEngine } from '../swarm/check.ts';
import { type Engine, EngineError } from '../swarm/engine.ts';
import { answerOf } from './answer-of.ts';
import type { Answer } from './facts.ts';

/** Why nothing answers, for people; the system's own word stays behind it, for whoever looks it up. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  EINVAL: 'its path is too long for a socket',
  ECONNREFUSED: 'nobody answers there',
  ENOTFOUND: 'there is no such machine',
  EHOSTUNREACH: 'that machine cannot be reached',
  ETIMEDOUT: 'no answer in time',
};

/** The version of a manager's engine, or why there is none. Codes: those of `checkEngine`, and `no-access`. */
export function readEngine(engine: Engine): Promise<Answer<string>> {
  return answerOf(async () => {
    try {
      return await checkEngine(engine);
    } catch (error) {
      throw plainly(error, engine.host);
    }
  });
}

function plainly(error: unknown, host: string): unknown {
  if (!(error instanceof Failure) || !(error.cause instanceof EngineError)) return error;
  const { words } = error.cause;
  const of = (code: string, message: string) => new Failure(error.status, code, message, { cause: error });
  if (/EACCES|EPERM|permission denied/i.test(words))
    return of('no-access', `this user may not open ${host} (${words})`);
  const reason = Object.hasOwn(reasons, words) ? `${reasons[words]} (${words})` : words;
  return of(error.code, `no Docker engine at ${host}: ${reason}`);
}
