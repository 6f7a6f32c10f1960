import { exitStatus, Failure } from '../program/failure.ts';
import type { Answer } from './facts.ts';

/** What was asked for, or why there is none: expected failures alone are answers. */
export async function answerOf<Value>(ask: () => Promise<Value>): Promise<Answer<Value>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    const isExpected =
      error instanceof Failure &&
      (error.status === exitStatus.unavailable || error.status === exitStatus.configuration);
    if (!isExpected) throw error;
    return { ok: false, code: error.code, words: error.message };
  }
}
