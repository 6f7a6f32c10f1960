import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { type ProgramIo, runProgram } from '@ccci/lib/program/run.ts';

/** A tiny program on the frame of all programs; what it does is chosen with `--do`. */
const acts: Readonly<Record<string, (io: ProgramIo) => Promise<void>>> = {
  nothing: async () => {},
  say: async (io) => {
    for (const say of [io.log.info, io.log.warning, io.log.error]) say('a \u001b[31mword');
  },
  records: async (io) => io.output.records(count(io, Number(io.flags.count))),
  texts: async (io) => {
    for (let index = 0; index < Number(io.flags.count); index += 1)
      await io.output.text(`${'x'.repeat(999)}\n`);
  },
  /** Copies its input, byte chunk by byte chunk. */
  copy: async (io) => io.output.records(chunks(io)),
  /** Reads a little and has enough. */
  leave: async (io) => {
    for await (const _chunk of io.input()) return;
  },
  /** Asks for its input and never reads it. */
  ignore: async (io) => void io.input(),
  /** Ends while a read is pending. */
  pending: async (io) => {
    const chunks = io.input()[Symbol.asyncIterator]();
    await chunks.next();
    void chunks.next();
  },
  /** Works until it is stopped; `--count` more signals are waited for. */
  wait: async (io) => {
    const working = setInterval(() => {}, 60_000);
    const stopped = new Promise((resolve) => io.stopping.addEventListener('abort', resolve));
    await io.output.text('ready\n');
    await stopped;
    io.log.info(`stopped by ${io.stopping.reason}`);
    if (io.flags.count === undefined) clearInterval(working);
    else await new Promise(() => {});
  },
  fail: async (io) => {
    io.outcome.note(exitStatus.badInput);
    throw new Failure(exitStatus.unavailable, 'gone', 'the engine is gone', { hint: 'start it' });
  },
  note: async (io) => io.outcome.note(exitStatus.leftOver),
  bug: async () => {
    throw new TypeError('oops');
  },
  background: async () => {
    void Promise.reject(new TypeError('oops behind the scenes'));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
  forget: async () => new Promise(() => {}),
};

await runProgram({
  name: 'scratch',
  description: 'Does what it is told',
  flags: {
    do: { type: 'string', description: 'What to do' },
    count: { type: 'string', description: 'How many' },
  },
  main: async (io) => (acts[String(io.flags.do)] as (io: ProgramIo) => Promise<void>)(io),
});

async function* count(io: ProgramIo, records: number): AsyncGenerator<object> {
  io.output.closed.addEventListener('abort', () => io.log.info(`closed: ${io.output.closed.reason}`));
  for (let index = 0; index < records; index += 1) yield { type: 'x', index, pad: 'p'.repeat(1000) };
  io.log.info('all records were read');
}

async function* chunks(io: ProgramIo): AsyncGenerator<object> {
  for await (const chunk of io.input()) yield { type: 'chunk', bytes: chunk.length };
}
