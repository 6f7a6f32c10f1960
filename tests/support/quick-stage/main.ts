import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'stage',
  description: 'Runs triggers without an engine: real in all that it keeps, and every test passes at once',
  flags: {
    runs: { type: 'string', description: 'Where the run directories are made', valueHint: 'DIR' },
    slots: { type: 'string', description: 'Runs at a time', valueHint: 'N' },
  },
  main: async (io) => {
    const { openStage } = await import('../../../tools/stage/open.ts');
    const { stage } = await import('../../../tools/stage/stage.ts');
    const { quickParts } = await import('./parts.ts');
    const opened = await openStage(io, quickParts(io.env));
    await io.output.records(stage(opened.incoming, opened.options));
  },
});
