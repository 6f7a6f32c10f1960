import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gateVariable } from './side.ts';
import type { QuickSite } from './site.ts';

type Held = Pick<QuickSite, 'dir' | 'env' | 'runs' | 'forge'>;

/** Holds runs of a site back in their first stage until they are let through. */
export type Gates<Site extends Held = QuickSite> = {
  /** The site, with what its stage has to know. */
  readonly site: Site;
  readonly open: (run: string) => void;
  readonly openAll: () => void;
  /** Resolves when a run has begun, as its directory says. */
  readonly begun: (run: string) => Promise<void>;
};

export function holdRuns<Site extends Held>(site: Site): Gates<Site> {
  const folder = join(site.dir, 'gates');
  mkdirSync(folder, { recursive: true });
  const open = (name: string) => writeFileSync(join(folder, name), '');
  return {
    site: { ...site, env: { ...site.env, [gateVariable]: folder } },
    open,
    openAll: () => open('all'),
    begun: async (run) => {
      const isThere = () => existsSync(join(site.runs, run, 'events.ndjson'));
      // The poll asks all the time, so the forge has something new to say often enough.
      await site.forge.waitFor(isThere, { what: `run ${run} to begin`, timeoutMs: 60_000 });
    },
  };
}
