import { ensureImages, type ImageResult, imageIds, imagesOf } from '../swarm/images.ts';
import type { RunContext } from './context.ts';
import type { Sides } from './policy.ts';
import type { Prepared } from './prepare.ts';
import type { StageOutcome } from './recorder.ts';

const pullLimitMs = 900_000;
const attempts = 3;

/**
 * Brings the images of both sides to the engine: a step of its own, so that a slow registry never eats the time of
 * the deployment (L35), and a rate limit is never taken for a missing image (L62). Infrastructure is asked again twice.
 * An image that only the base needs and that is gone makes the base unusable, not the commit.
 */
export async function pullImages(context: RunContext, sides: Sides): Promise<StageOutcome> {
  const ofHead = imagesOfSide(sides.head);
  const images = [...new Set([...ofHead, ...imagesOfSide(sides.base)])].sort();
  const results = await pullPatiently(context, images);
  const missing = results.filter((result) => result.state === 'missing');
  const missed = missing.find((result) => ofHead.includes(result.image));
  if (missed !== undefined) return { status: 'fail', cause: 'recipe', summary: wordsFor(missed) };
  const failed = results.find((result) => isPassing(result));
  if (failed !== undefined) return { status: 'fail', cause: 'infra', summary: wordsFor(failed) };
  Object.assign(context.scratch.images, await imageIds(context.engine, images));
  const [gone] = missing;
  if (gone !== undefined) {
    sides.base = null;
    sides.baseProblem = `the base cannot be installed: ${wordsFor(gone)}`;
  }
  return { status: 'pass' };
}

/** Sees that the images of one more side are there: with the base's `.env` a commit may need others. */
export async function ensureSide(context: RunContext, side: Prepared): Promise<StageOutcome | null> {
  const results = await pullPatiently(context, imagesOfSide(side));
  const bad = results.find((result) => result.state === 'missing' || isPassing(result));
  if (bad === undefined) return null;
  return { status: 'fail', cause: bad.state === 'missing' ? 'recipe' : 'infra', summary: wordsFor(bad) };
}

async function pullPatiently(context: RunContext, images: readonly string[]): Promise<ImageResult[]> {
  for (let attempt = 1; ; attempt += 1) {
    const { engine, signal } = context;
    const results = await ensureImages(engine, [...images], { signal, timeoutMs: pullLimitMs });
    const failed = results.find((result) => isPassing(result));
    if (failed === undefined || attempt === attempts) return results;
    await context.recorder.say('pull', `${wordsFor(failed)}; attempt ${attempt} of ${attempts}`);
  }
}

function imagesOfSide(side: Prepared | null): string[] {
  return side === null ? [] : imagesOf(side.text);
}

/** What may be otherwise a little later. */
function isPassing({ state }: ImageResult): boolean {
  return state === 'rate-limit' || state === 'failed';
}

function wordsFor({ image, state, message }: ImageResult): string {
  if (state === 'missing') return `image ${image} does not exist: ${message}`;
  return `image ${image} could not be pulled: ${message}`;
}
