import { endOfInput, until } from '@ccci/lib/program/ending.ts';
import t from 'tap';

function signals() {
  const closed = new AbortController();
  const stopping = new AbortController();
  const io = { output: { closed: closed.signal }, stopping: stopping.signal };
  return { closed, stopping, io: io as unknown as Parameters<typeof endOfInput>[0] };
}

async function* silent(): AsyncGenerator<number> {
  yield 1;
  await new Promise(() => {});
}

t.test('reading ends when the reader of the output leaves, even while the source is silent', async (t) => {
  const { closed, io } = signals();
  const seen: number[] = [];
  for await (const item of until(silent(), endOfInput(io))) {
    seen.push(item);
    closed.abort();
  }
  t.same(seen, [1]);
});

t.test('a signal alone does not end reading: last words may come', async (t) => {
  const { stopping, io } = signals();
  const ending = endOfInput(io);
  stopping.abort('SIGTERM');
  t.notOk(ending.aborted);
  async function* words() {
    yield 'last';
    yield 'words';
  }
  const seen: string[] = [];
  for await (const word of until(words(), ending)) seen.push(word);
  t.same(seen, ['last', 'words']);
});

t.test(
  'what the source throws goes through, and an output that is closed already ends at once',
  async (t) => {
    async function* broken(): AsyncGenerator<never> {
      yield* [];
      throw new Error('torn');
    }
    await t.rejects(until(broken(), new AbortController().signal).next(), { message: 'torn' });
    const { closed, io } = signals();
    closed.abort();
    t.equal((await until(silent(), endOfInput(io)).next()).done, true);
  },
);
