import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'discover',
  description: 'Replaces each trigger by its plan: what would run, and from which files',
  flags: {
    'tests-dir': {
      type: 'string',
      description: 'Tree of tests, a folder per recipe (default ./tests)',
      valueHint: 'DIR',
    },
    'allow-local': {
      type: 'boolean',
      description: 'Allow repositories by path in triggers of a forge too',
    },
  },
  main: async (io) => {
    const { openDiscover } = await import('./open.ts');
    const { discoverRecords } = await import('./discover.ts');
    const { incoming, options } = await openDiscover(io);
    await io.output.records(discoverRecords(incoming, options));
  },
});
