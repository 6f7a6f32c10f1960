import { fstatSync } from 'node:fs';
import { isatty } from 'node:tty';
import { exitStatus, Failure, messageOf } from './failure.ts';

export type Input = {
  /** Standard input; `Failure` 64 while it is a terminal. An error of reading is a `Failure` with status 74. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Ends a pending read, which must not keep a program alive that has nothing left to do. */
  readonly close: () => void;
};

/** Standard input, not even looked at before somebody asks for it: that takes time at each start. */
export function makeInput(): Input {
  const state = { isUsed: false, isClosed: false };
  return {
    open: () => {
      state.isUsed = true;
      refuseTerminal();
      return read(state);
    },
    close: () => {
      state.isClosed = true;
      if (state.isUsed) process.stdin.destroy();
    },
  };
}

function refuseTerminal(): void {
  if (!isatty(0)) return;
  throw new Failure(
    exitStatus.usage,
    'input-is-terminal',
    'standard input is a terminal, but records are expected: pipe them in, or use < file',
    { hint: 'see --help' },
  );
}

async function* read(state: { readonly isClosed: boolean }): AsyncGenerator<Uint8Array> {
  try {
    // Node takes a folder for empty input.
    if (fstatSync(0).isDirectory()) throw new Error('it is a folder');
    yield* process.stdin as AsyncIterable<Uint8Array>;
  } catch (cause) {
    // What we ended ourselves has not failed.
    if (state.isClosed) return;
    const message = `cannot read standard input: ${messageOf(cause)}`;
    throw new Failure(exitStatus.inputOutput, 'input-failed', message, { cause });
  }
}
