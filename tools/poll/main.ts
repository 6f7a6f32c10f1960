#!/usr/bin/env node
import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'poll',
  description: 'Watches forges for comments that ask for a test and writes triggers',
  flags: {
    once: { type: 'boolean', description: 'Poll once and end' },
    'interval-ms': {
      type: 'string',
      description: 'Milliseconds between two polls (default 5000)',
      valueHint: 'MS',
    },
  },
  waits: ({ once }) => once !== true,
  main: async (io) => {
    const { runPoll } = await import('./run-poll.ts');
    await runPoll(io);
  },
});
