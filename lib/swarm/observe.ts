import type { Engine } from './engine.ts';
import { EngineError } from './engine.ts';
import type { Sight } from './service-view.ts';
import { type EngineNode, type EngineService, type EngineTask, type Healthcheck, ofStack } from './shapes.ts';

/** Looks at a stack; keeps what cannot change (an image's healthcheck) from one look to the next. */
export type Observer = (now: number) => Promise<Sight>;

export function makeObserver(engine: Engine, stack: string, signal: AbortSignal | undefined): Observer {
  const imageHealth: Record<string, Healthcheck | null> = {};
  return async (now) => {
    // Services first: a task that made Swarm pause is in the tasks that are read after that.
    const services = await engine.json<EngineService[]>('GET', `/services?${ofStack(stack)}`, undefined, {
      signal,
    });
    const [tasks, nodes] = await Promise.all([
      engine.json<EngineTask[]>('GET', `/tasks?${ofStack(stack)}`, undefined, { signal }),
      engine.json<EngineNode[]>('GET', '/nodes', undefined, { signal }),
    ]);
    for (const { Spec } of services) {
      const image = Spec.TaskTemplate.ContainerSpec?.Image;
      if (image === undefined || image in imageHealth) continue;
      const health = await readImageHealth(engine, image);
      if (health !== undefined) imageHealth[image] = health;
    }
    return { now, services, tasks, nodes, imageHealth };
  };
}

/** The healthcheck that an image brings; null: none; undefined: the image is not here (yet). */
async function readImageHealth(engine: Engine, image: string): Promise<Healthcheck | null | undefined> {
  try {
    const { Config } = await engine.json<{ Config?: { Healthcheck?: Healthcheck | null } }>(
      'GET',
      `/images/${image}/json`,
    );
    return (Config?.Healthcheck?.Test?.length ?? 0) > 0 ? Config!.Healthcheck! : null;
  } catch (error) {
    if (error instanceof EngineError && error.httpStatus === 404) return undefined;
    throw error;
  }
}
