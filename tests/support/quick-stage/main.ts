import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'stage',
  description: 'Runs triggers without an engine: real in all that it keeps, and every test passes at once',
  flags: {
    spool: { type: 'string', description: "Take the work from this state's queue", valueHint: 'DIR' },
    runs: { type: 'string', description: 'Where the run directories are made', valueHint: 'DIR' },
    slots: { type: 'string', description: 'Runs at a time', valueHint: 'N' },
    'idle-ms': { type: 'string', description: 'On a spool: end after so long without work', valueHint: 'MS' },
  },
  main: async (io) => {
    const { openStage } = await import('../../../tools/stage/open.ts');
    const { stage } = await import('../../../tools/stage/stage.ts');
    const { quickSide } = await import('./side.ts');
    const opened = await openStage(io, quickSide(io.env));
    await io.output.records(stage(opened.incoming, opened.options));
  },
});
