import { join } from 'node:path';
import { enrolment, startShell } from '../journey/pipeline.ts';
import { makeQuickSite, type QuickSiteOptions } from './site.ts';

/** How long before the sites that begin with its state it was enrolled. */
const earlierMs = 10_000;

/**
 * A state directory that has seen its forge once, a little while ago: sites with the same pull requests can begin with
 * a copy of it, and every comment that is written there counts.
 */
export async function enrol(options: QuickSiteOptions): Promise<string> {
  const site = await makeQuickSite({ ...options, now: () => Date.now() - earlierMs });
  try {
    const { exitCode, stderr } = await startShell(site, enrolment);
    if (exitCode !== 0) throw new Error(`enrolment ended with ${exitCode}: ${stderr}`);
    return join(options.dir, 'state');
  } finally {
    await site.close();
  }
}
