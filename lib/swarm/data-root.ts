import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Engine } from './engine.ts';
import { knownInfo } from './info.ts';

/** Where an engine on this machine keeps its data; null for one elsewhere, whose disk cannot be seen from here. */
export async function localDataRoot(engine: Engine): Promise<string | null> {
  if (!engine.host.startsWith('unix://')) return null;
  const info = await knownInfo(engine);
  // A socket may be the near end of a tunnel.
  if (info.Name !== hostname() || info.DockerRootDir === undefined) return null;
  return existsSync(info.DockerRootDir) ? info.DockerRootDir : null;
}
