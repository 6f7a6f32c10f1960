import { fileURLToPath } from 'node:url';
import { type Box, startBox } from '../engine/box.ts';
import { runInBox } from '../engine/enter.ts';
import { importImages } from '../engine/images.ts';

/**
 * Makes a test file run in a box of its own, whose engine is no swarm yet: units make it one, and change its firewall.
 * Resolves in that box; outside of it the file is run again in one, and this process ends with its exit status.
 */
export async function enterOwnBox(url: string): Promise<Pick<Box, 'dir' | 'socket'>> {
  const own = process.env.CCCI_TEST_OWN_BOX;
  if (own !== undefined) return { dir: own, socket: `${own}/docker.sock` };
  const box = await startBox({ swarm: false });
  try {
    await importImages(box);
    const command = [process.execPath, ...process.execArgv, fileURLToPath(url)];
    process.exitCode = await runInBox(box, command, { CCCI_TEST_OWN_BOX: box.dir });
  } finally {
    await box.stop();
  }
  process.exit();
}
