#!/usr/bin/env node
import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'sweep',
  description: 'Writes a trigger for every enrolled recipe, or for every open pull request',
  flags: {
    of: { type: 'string', description: 'tips, pulls or tags (default tips)', valueHint: 'KIND' },
    only: { type: 'string', description: 'These recipes only, separated by commas', valueHint: 'RECIPE' },
    all: { type: 'boolean', description: 'Also what is unchanged since it was last green' },
    again: { type: 'boolean', description: 'Also what was swept today' },
    quick: { type: 'boolean', description: 'Install, custom tests and lint only' },
    stages: { type: 'string', description: 'These stages only, separated by commas', valueHint: 'STAGES' },
    spool: { type: 'string', description: 'Hand in to this state directory', valueHint: 'DIR' },
    runs: { type: 'string', description: 'Run directories (default <state>/runs)', valueHint: 'DIR' },
  },
  main: async (io) => {
    const { runSweep } = await import('./open.ts');
    await runSweep(io);
  },
});
