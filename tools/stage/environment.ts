import type { Environment } from '@ccci/lib/stages/differences.ts';
import { execa } from 'execa';

/**
 * What a run depends on besides the commit (L51): engine, client, Node, restic, bubblewrap and ccci itself. Asks the
 * tools without which there are still stages to run; null for one that is not there.
 */
export async function readEnvironment(
  ccci: string,
  docker: { readonly engine: string; readonly client: string },
): Promise<Environment> {
  const [restic, bubblewrap] = await Promise.all([
    firstLine('restic', 'version'),
    firstLine('bwrap', '--version'),
  ]);
  return { ccci, ...docker, node: process.version, restic, bubblewrap };
}

async function firstLine(command: string, argument: string): Promise<string | null> {
  const { stdout, failed } = await execa(command, [argument], { reject: false, timeout: 10_000 });
  return failed ? null : (stdout.split('\n')[0] ?? null);
}
