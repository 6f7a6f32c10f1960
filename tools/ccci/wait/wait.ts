import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '@ccci/lib/config/load.ts';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { readRunAddress } from '../address.ts';
import { type Answer, answerLine, statuses } from './answer.ts';
import { type Look, makeLook } from './look.ts';
import { readTime } from './times.ts';

/** `ccci wait`: looks now and then until there is a verdict, and says it in one line. */
export async function runWait(io: ProgramIo): Promise<void> {
  const config = await loadConfig({ section: 'report', ...io });
  const timeoutMs = readTime('timeout', io.flags.timeout, '1h');
  const everyMs = readTime('every', io.flags.every, '15s');
  const { target } = io.flags;
  if (typeof target !== 'string') {
    const hint = 'name a pull request: ccci wait https://git.example.org/recipes/ghost/pulls/3';
    throw new Failure(exitStatus.usage, 'no-target', 'what is to be waited for is not named', { hint });
  }
  const timeout = AbortSignal.timeout(timeoutMs);
  const ending = AbortSignal.any([timeout, io.stopping]);
  const look = await makeLook(target, config, io.stopping);
  const answer = await untilAnswered({ look, first: nothingYet(target), everyMs }, ending, io);
  if (io.stopping.aborted) return;
  await io.output.text(answerLine(answer));
  io.outcome.note(statuses[answer.verdict]);
}

/** Before anything has answered; the id of a run stands in its address. */
function nothingYet(target: string): Answer {
  return { verdict: 'PENDING', run: readRunAddress(target)?.id ?? null, words: 'nothing yet' };
}

type Waiting = { readonly look: Look; readonly first: Answer; readonly everyMs: number };

/** The first answer that is final, else the last one before the end. */
async function untilAnswered(
  { look, first, everyMs }: Waiting,
  ending: AbortSignal,
  io: ProgramIo,
): Promise<Answer> {
  let last = first;
  let said = '';
  while (!ending.aborted) {
    const answer = await lookPatiently(look, last, ending, io);
    last = answer;
    if (io.errorIsTerminal && answer.words !== said) io.log.info(answer.words);
    said = answer.words;
    if (answer.verdict !== 'PENDING') break;
    await sleep(everyMs, undefined, { signal: ending }).catch(() => {});
  }
  return last;
}

/** A server that is away keeps nobody from waiting; what is wrong for good is told at once. */
async function lookPatiently(look: Look, last: Answer, ending: AbortSignal, io: ProgramIo): Promise<Answer> {
  try {
    return await look();
  } catch (error) {
    if (ending.aborted) return last;
    if (!(error instanceof Failure) || error.status !== exitStatus.unavailable) throw error;
    io.log.warning(`${error.message}; it is asked again`);
    return last;
  }
}
