import { ensureImages, imagesOf } from '../swarm/images.ts';
import type { RunContext } from './context.ts';
import type { Sides } from './policy.ts';
import type { StageOutcome } from './recorder.ts';

const pullLimitMs = 900_000;
const attempts = 3;

/**
 * Brings the images of both sides to the engine: a step of its own, so that a slow registry never eats the time of
 * the deployment (L35), and a rate limit is never taken for a missing image (L62). Infrastructure is asked again twice.
 */
export async function pullImages(context: RunContext, sides: Sides): Promise<StageOutcome> {
  const texts = [sides.head, sides.base].flatMap((side) => (side === null ? [] : [side.text]));
  const images = [...new Set(texts.flatMap((text) => imagesOf(text)))].sort();
  for (let attempt = 1; ; attempt += 1) {
    const results = await ensureImages(context.engine, images, {
      signal: context.signal,
      timeoutMs: pullLimitMs,
    });
    const missing = results.find((result) => result.state === 'missing');
    if (missing !== undefined) {
      return {
        status: 'fail',
        cause: 'recipe',
        summary: `image ${missing.image} does not exist: ${missing.message}`,
      };
    }
    const failed = results.find((result) => result.state === 'rate-limit' || result.state === 'failed');
    if (failed === undefined) return { status: 'pass', summary: null };
    if (attempt === attempts) {
      return {
        status: 'fail',
        cause: 'infra',
        summary: `image ${failed.image} could not be pulled: ${failed.message}`,
      };
    }
    await context.recorder.say(
      'pull',
      `${failed.image}: ${failed.message}; attempt ${attempt} of ${attempts}`,
    );
  }
}
