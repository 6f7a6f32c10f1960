import { type Engine, EngineError } from './engine.ts';
import { filters } from './shapes.ts';

type Volume = {
  readonly Name: string;
  readonly Driver: string;
  readonly Labels?: object | null;
  readonly Options?: object | null;
};

/**
 * Empties volumes by making them again with their labels and driver. Nothing may use them: containers of ended tasks
 * are removed first (one blocks its volume even at scale 0); a running one is the engine's error.
 */
export async function recreateVolume(engine: Engine, name: string): Promise<void> {
  await removeDeadUsers(engine, name);
  const path = `/volumes/${encodeURIComponent(name)}`;
  const volume = await readVolume(engine, name);
  if (volume !== null) await engine.json('DELETE', path);
  await engine.json('POST', '/volumes/create', {
    Name: name,
    Driver: volume?.Driver ?? 'local',
    Labels: volume?.Labels ?? {},
    DriverOpts: volume?.Options ?? {},
  });
}

async function readVolume(engine: Engine, name: string): Promise<Volume | null> {
  try {
    return await engine.json<Volume>('GET', `/volumes/${encodeURIComponent(name)}`);
  } catch (error) {
    if (error instanceof EngineError && error.httpStatus === 404) return null;
    throw error;
  }
}

async function removeDeadUsers(engine: Engine, volume: string): Promise<void> {
  const query = filters({ volume: [volume] });
  const users = await engine.json<{ Id: string; State: string }[]>('GET', `/containers/json?all=1&${query}`);
  const dead = users.filter(({ State }) => State !== 'running');
  await Promise.all(
    dead.map(({ Id }) =>
      engine.json('DELETE', `/containers/${Id}?force=1&v=1`).catch((error: unknown) => {
        if (!(error instanceof EngineError) || ![404, 409].includes(error.httpStatus)) throw error;
      }),
    ),
  );
}
