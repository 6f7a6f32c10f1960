import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'dedupe',
  description: 'Lets each trigger through once, and stores it before it says so',
  flags: {},
  main: async (io) => {
    const { openDedupe } = await import('./open.ts');
    const { dedupe } = await import('./dedupe.ts');
    const opened = await openDedupe(io);
    try {
      await io.output.batches(dedupe(opened.read, opened.options));
    } finally {
      opened.release();
    }
  },
});
