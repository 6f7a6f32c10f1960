import type { Engine } from './engine.ts';

/** The engine's clock, in milliseconds since 1970: what it stamps is compared with this, never with ours. */
export async function engineNow(engine: Engine): Promise<number> {
  const { SystemTime } = await engine.json<{ SystemTime: string }>('GET', '/info');
  return Date.parse(SystemTime);
}

/** A clock that goes like ours and says the engine's time; asks the engine once. */
export async function engineClock(engine: Engine): Promise<() => number> {
  const ahead = (await engineNow(engine)) - Date.now();
  return () => Date.now() + ahead;
}
