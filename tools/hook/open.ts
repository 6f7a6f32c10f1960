import { loadConfig } from '@ccci/lib/config/load.ts';
import type { ProgramIo } from '@ccci/lib/program/run.ts';
import { prepareState } from '@ccci/lib/state/layout.ts';
import { makeConditions } from './conditions.ts';
import { connectForges } from './forges.ts';
import { makeHealth } from './health.ts';
import { receive } from './hook.ts';
import { serve } from './server.ts';

/** Binds the receiver to its process: configuration, secrets, state, clock, signals. */
export async function runHook(io: ProgramIo): Promise<void> {
  const config = await loadConfig({ section: 'hook', ...io });
  const ending = new AbortController();
  const forges = await connectForges(config, { signal: ending.signal });
  const { state, word, hook: settings } = config;
  await prepareState(state);
  const { log, outcome } = io;
  const now = () => new Date();
  const conditions = makeConditions(log);
  const options = { forges, state, word, stamping: { by: io.by, now }, log, outcome, conditions };
  try {
    await serve({
      ...settings,
      receive: (delivery) => receive(delivery, options),
      health: makeHealth({ state, now, conditions }),
      stopping: io.stopping,
      onListening: (address) => log.info(`listening on ${address}`),
    });
  } finally {
    // What was not judged in time may still be waiting for a forge.
    ending.abort();
  }
}
