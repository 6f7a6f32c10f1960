#!/usr/bin/env node
import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'hook',
  description: 'Receives the webhooks of forges and hands in what their comments ask for',
  flags: {
    host: { type: 'string', description: 'Address to listen on (default 127.0.0.1)', valueHint: 'ADDRESS' },
    port: {
      type: 'string',
      description: 'Port to listen on (default 8791); 0 takes a free one',
      valueHint: 'PORT',
    },
  },
  waits: () => true,
  main: async (io) => {
    const { runHook } = await import('./open.ts');
    await runHook(io);
  },
});
