import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'dedupe',
  description: 'Lets each trigger through once, and stores it before it says so',
  flags: {
    explain: {
      type: 'string',
      description: 'Say what became of a comment, pull request or key',
      valueHint: 'URL|KEY',
    },
    spool: {
      type: 'string',
      description: 'State whose queue takes triggers; none is written out',
      valueHint: 'DIR',
    },
  },
  waits: ({ explain }) => explain === undefined,
  main: async (io) => {
    if (typeof io.flags.explain === 'string') {
      const { runExplain } = await import('./explain.ts');
      return await runExplain(io.flags.explain, io);
    }
    const { runDedupe } = await import('./open.ts');
    await runDedupe(io);
  },
});
