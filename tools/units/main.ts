#!/usr/bin/env node
import { runProgram } from '@ccci/lib/program/run.ts';

await runProgram({
  name: 'units',
  description: 'Writes the units of systemd, users and folders for a server that is not NixOS',
  flags: {
    output: { type: 'string', description: 'Folder to write to, new or empty', valueHint: 'DIR' },
    sweep: { type: 'string', description: 'Sweep at this calendar event of systemd', valueHint: 'WHEN' },
    bin: { type: 'string', description: 'Where the programs are; beside this one', valueHint: 'DIR' },
    pool: { type: 'string', description: 'Addresses of the networks of runs', valueHint: 'NETWORK' },
    firewall: {
      type: 'boolean',
      description: 'Keep runs from private networks',
      default: true,
    },
  },
  main: async (io) => {
    const { runUnits } = await import('./open.ts');
    await runUnits(io);
  },
});
