import { checkClient, checkEngine } from '@ccci/lib/swarm/check.ts';
import type { Engine } from '@ccci/lib/swarm/engine.ts';
import { execa } from 'execa';

/**
 * What a run depends on besides the commit (L51): engine, client, Node, restic, bubblewrap and ccci itself.
 * `Failure` 69 when the engine cannot be used or the client is too old.
 */
export async function readEnvironment(engine: Engine, by: string): Promise<Record<string, unknown>> {
  const [{ version }, client, restic, bubblewrap] = await Promise.all([
    checkEngine(engine),
    checkClient(process.env),
    firstLine('restic', 'version'),
    firstLine('bwrap', '--version'),
  ]);
  return { ccci: by, engine: version, client, node: process.version, restic, bubblewrap };
}

async function firstLine(command: string, argument: string): Promise<string | null> {
  const { stdout, failed } = await execa(command, [argument], { reject: false, timeout: 10_000 });
  return failed ? null : (stdout.split('\n')[0] ?? null);
}
