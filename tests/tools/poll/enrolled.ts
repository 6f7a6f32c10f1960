import type { Test } from 'tap';
import { startPolling, type WorldOptions } from './world.ts';

/** A world whose organisation is enrolled and idle; it ends with the test, and the forge must have done nothing wrong. */
export async function enrolledWorld(t: Test, given: WorldOptions = {}) {
  const world = await startPolling(t.testdir(), given);
  t.teardown(async () => {
    await world.forge.close();
    if (world.forge.problems.length > 0) throw new Error(world.forge.problems.join('\n'));
  });
  await world.tick();
  await world.tick();
  return world;
}
