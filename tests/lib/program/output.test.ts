import { getEventListeners } from 'node:events';
import { Writable } from 'node:stream';
import { makeOutput } from '@ccci/lib/program/output.ts';
import t from 'tap';

type Sink = { readonly stdout: Writable; readonly written: string[]; readonly goOn: () => void };

/** A standard output that takes one chunk each time it is told to, and then answers with this error. */
function makeSink(error: Error | null = null): Sink {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const stdout = new Writable({
    highWaterMark: 100,
    write: (chunk, _encoding, callback) => {
      written.push(String(chunk));
      waiting.push(() => callback(error));
    },
  });
  return { stdout, written, goOn: () => waiting.shift()?.() };
}

async function* count(read: number[], records: number): AsyncGenerator<object> {
  for (let index = 0; index < records; index += 1) {
    read.push(index);
    yield { type: 'x', index, pad: 'p'.repeat(50) };
  }
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

t.test('no record is read before there is room for it', async (t) => {
  const { stdout, written, goOn } = makeSink();
  const read: number[] = [];
  const writing = makeOutput(stdout).records(count(read, 20));
  // Loads the encoder.
  while (written.length === 0) await settle();
  for (let index = 0; index < 20; index += 1) {
    await settle();
    t.ok(read.length <= written.length + 3, `${read.length} read, ${written.length} written`);
    goOn();
    await settle();
  }
  goOn();
  await writing;
  t.same(
    written.filter((line) => line !== '').map((line) => JSON.parse(line).index),
    [...Array(20).keys()],
  );
});

for (const [code, failure] of [
  ['EPIPE', null],
  ['EIO', { status: 74, code: 'output-failed', message: /cannot write standard output: broken/ }],
] as const) {
  t.test(`${code} while writers wait`, async (t) => {
    const { stdout, written, goOn } = makeSink(Object.assign(new Error('broken'), { code }));
    const output = makeOutput(stdout);
    const read: number[] = [];
    const writing = output.records(count(read, 50));
    while (written.length === 0) await settle();
    t.ok(read.length < 50, 'the writer waits');
    t.notOk(output.closed.aborted);
    goOn();
    if (failure === null) await writing;
    else await t.rejects(writing, failure);
    t.ok(output.closed.aborted);
    t.equal(output.closed.reason, code);
    t.equal(read.length, 50, 'all records are read');
    if (failure === null) await output.text('more');
    else await t.rejects(output.text('more'), failure, 'later words fail as well');
    t.equal(written.length, 1, 'and nothing more is written');
  });

  t.test(`${code} at the last words`, async (t) => {
    const { stdout, goOn } = makeSink(Object.assign(new Error('broken'), { code }));
    const output = makeOutput(stdout);
    const writing = output.text('words');
    await settle();
    goOn();
    if (failure === null) await writing;
    else await t.rejects(writing, failure);
    t.equal(output.closed.reason, code);
  });
}

async function* batchesOf(read: number[], batches: number): AsyncGenerator<readonly object[]> {
  for (let index = 0; index < batches; index += 1) {
    read.push(index);
    yield [
      { index, pad: 'p'.repeat(50) },
      { index, ü: undefined, b: [null] },
    ];
  }
}

t.test('a batch is one write, and none is read before there is room for it', async (t) => {
  const { stdout, written, goOn } = makeSink();
  const read: number[] = [];
  const writing = makeOutput(stdout).batches(batchesOf(read, 20));
  for (let index = 0; index < 20; index += 1) {
    await settle();
    t.ok(read.length <= written.length + 2, `${read.length} read, ${written.length} written`);
    goOn();
    await settle();
  }
  goOn();
  await writing;
  const lines = (index: number) =>
    `{"index":${index},"pad":"${'p'.repeat(50)}"}\n{"index":${index},"b":[null]}\n`;
  t.same(
    written.filter((text) => text !== ''),
    [...Array(20).keys()].map(lines),
  );
});

t.test('an empty batch writes nothing', async (t) => {
  const { stdout, written, goOn } = makeSink();
  async function* batches(): AsyncGenerator<readonly object[]> {
    yield [];
    yield [{ type: 'x' }];
  }
  const writing = makeOutput(stdout).batches(batches());
  await settle();
  t.same(written, ['{"type":"x"}\n']);
  for (let turn = 0; turn < 2; turn += 1) {
    goOn();
    await settle();
  }
  await writing;
});

for (const [code, failure] of [
  ['EPIPE', null],
  ['ENOSPC', { status: 74, code: 'output-failed', hint: /make space/ }],
] as const) {
  t.test(`${code} while a batch waits`, async (t) => {
    const { stdout, written, goOn } = makeSink(Object.assign(new Error('broken'), { code }));
    const output = makeOutput(stdout);
    const read: number[] = [];
    const writing = output.batches(batchesOf(read, 30));
    while (written.length === 0) await settle();
    t.ok(read.length < 30, 'the writer waits');
    goOn();
    if (failure === null) await writing;
    else await t.rejects(writing, failure);
    t.equal(output.closed.reason, code);
    t.equal(read.length, 30, 'all batches are read');
    t.equal(written.length, 1, 'and nothing more is written');
  });
}

t.test('text is written when the call is through', async (t) => {
  const { stdout, written, goOn } = makeSink();
  let isThrough = false;
  const writing = makeOutput(stdout)
    .text('words')
    .then(() => {
      isThrough = true;
    });
  await settle();
  t.notOk(isThrough);
  goOn();
  await settle();
  goOn();
  await writing;
  t.same(written.join(''), 'words');
});

t.test('what is written leaves no listener behind', async (t) => {
  const { stdout, goOn } = makeSink();
  const output = makeOutput(stdout);
  const writing = output.text('words');
  await settle();
  t.equal(getEventListeners(output.closed, 'abort').length, 1, 'it waits for the end of output as well');
  goOn();
  await settle();
  goOn();
  await writing;
  t.equal(getEventListeners(output.closed, 'abort').length, 0);
});

t.test('an error of the source is its own', async (t) => {
  const { stdout, written } = makeSink();
  async function* failing(): AsyncGenerator<object> {
    yield { type: 'x' };
    throw new TypeError('oops');
  }
  await t.rejects(makeOutput(stdout).records(failing()), { name: 'TypeError', message: 'oops' });
  t.same(written, ['{"type":"x"}\n']);
});
