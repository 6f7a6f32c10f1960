#!/usr/bin/env node
import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'janitor',
  description: 'Removes what no live run owns, and what is older than it is to be kept',
  flags: {
    'dry-run': { type: 'boolean', description: 'Say what would be done, and touch nothing' },
    shared: { type: 'boolean', description: 'Also dependencies that stay up between runs' },
    run: { type: 'string', description: 'Only this run, also where it is kept', valueHint: 'RUN' },
    quota: {
      type: 'string',
      description: 'What all runs may take of the disk, such as 20G',
      valueHint: 'SIZE',
    },
    runs: { type: 'string', description: 'Run directories (default <state>/runs)', valueHint: 'DIR' },
    'docker-host': { type: 'string', description: 'Instead of DOCKER_HOST', valueHint: 'ADDRESS' },
  },
  main: async (io) => {
    const { runJanitor } = await import('./open.ts');
    await runJanitor(io);
  },
});
