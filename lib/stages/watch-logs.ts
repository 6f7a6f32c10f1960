import { makeServiceLogs } from '../runs/service-logs.ts';
import { followLogs } from '../swarm/logs.ts';
import type { RunContext } from './context.ts';

/**
 * Follows the logs of all services of a deployment into files and records, under their names with `prefix` in front;
 * secrets are masked before anything is written.
 */
export function watchLogs(context: RunContext, prefix = ''): { readonly stop: () => Promise<void> } {
  const stopping = new AbortController();
  const files = makeServiceLogs(context.directory.dir, Date.now);
  const follower = followLogs(context.engine, {
    stack: context.stack,
    onLines: (name, lines) => {
      const service = `${prefix}${name}`;
      const stage = context.recorder.present();
      for (const line of lines) {
        const taken = files.take(service, context.masker.mask(line));
        if (taken !== null) void context.recorder.emit({ type: 'log', stage, service, ...taken });
      }
      return files.full();
    },
    signal: stopping.signal,
  });
  context.scratch.lastLine = (service) => {
    const line = follower.last(service);
    return line === null ? null : context.masker.mask(line);
  };
  return {
    stop: async () => {
      stopping.abort();
      await follower.done;
      await files.flush();
    },
  };
}
