import { type Engine, EngineError } from './engine.ts';

/** An image on the engine: its content, and the names it goes by. */
export type StoredImage = { readonly id: string; readonly names: readonly string[] };

/** All images that have a name. */
export async function listImages(engine: Engine): Promise<StoredImage[]> {
  const all = await engine.json<{ Id: string; RepoTags?: string[] | null; RepoDigests?: string[] | null }[]>(
    'GET',
    '/images/json',
  );
  return all.map(({ Id, RepoTags, RepoDigests }) => ({
    id: Id,
    names: [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((name) => !name.includes('<none>')),
  }));
}

/**
 * Takes a name off an image; its content goes with the last one. False where a container uses it: what anybody runs
 * stays. An image that is gone is removed.
 */
export async function removeImage(engine: Engine, name: string): Promise<boolean> {
  try {
    await engine.json('DELETE', `/images/${name}`);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.httpStatus === 404) return true;
    if (error.httpStatus === 409) return false;
    throw error;
  }
}
