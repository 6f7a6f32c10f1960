import pLimit from 'p-limit';
import { parse } from 'yaml';
import { messageOf } from '../program/failure.ts';
import { throwIfStopped } from '../program/stopped.ts';
import { type Engine, EngineError } from './engine.ts';
import { registryAuth } from './registry-auth.ts';
import { linesOf } from './stream-lines.ts';

/** `missing`: the registry says that there is none; `rate-limit` and `failed` are infrastructure (L35, L62). */
export type ImageState = 'present' | 'pulled' | 'missing' | 'rate-limit' | 'failed';
export type ImageResult = {
  readonly image: string;
  readonly state: ImageState;
  readonly message: string | null;
};

export type PullOptions = {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** Folder with the registry logins (`DOCKER_CONFIG`). */
  readonly dockerConfig?: string | undefined;
};

/** The images of a rendered stack, each once, sorted. */
export function imagesOf(stackText: string): string[] {
  const stack = parse(stackText) as { services?: Record<string, { image?: unknown } | null> } | null;
  const images = Object.values(stack?.services ?? {}).map((service) => service?.image);
  return [...new Set(images.filter((image): image is string => typeof image === 'string'))].sort();
}

/** The content behind each image's name, as the engine knows it; images that it has not are left out (L51). */
export async function imageIds(engine: Engine, images: readonly string[]): Promise<Record<string, string>> {
  const read = async (image: string): Promise<[string, string][]> => {
    try {
      return [[image, (await engine.json<{ Id: string }>('GET', `/images/${image}/json`)).Id]];
    } catch (error) {
      if (error instanceof EngineError && error.httpStatus === 404) return [];
      throw error;
    }
  };
  return Object.fromEntries((await Promise.all(images.map(read))).flat());
}

/** Sees that images are on the engine and pulls those that are not, three at a time. */
export function ensureImages(
  engine: Engine,
  images: readonly string[],
  options: PullOptions,
): Promise<ImageResult[]> {
  const limit = pLimit(3);
  const deadline = AbortSignal.timeout(options.timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  return Promise.all(
    images.map((image) => limit(() => ensureImage(engine, image, { ...options, signal, deadline }))),
  );
}

async function ensureImage(
  engine: Engine,
  image: string,
  options: PullOptions & { readonly deadline: AbortSignal },
): Promise<ImageResult> {
  try {
    if (await hasImage(engine, image)) return { image, state: 'present', message: null };
    const error = await pullImage(engine, image, options);
    return error === null
      ? { image, state: 'pulled', message: null }
      : { image, state: pullState(error), message: error };
  } catch (error) {
    if (options.deadline.aborted)
      return { image, state: 'failed', message: `not pulled within ${options.timeoutMs / 1000} s` };
    throwIfStopped(options.signal, `pulling ${image}`);
    const words = error instanceof EngineError ? error.words : messageOf(error);
    return { image, state: pullState(words), message: words };
  }
}

/** Whether the engine has an image, by name or id. */
export async function hasImage(engine: Engine, image: string): Promise<boolean> {
  try {
    await engine.json('GET', `/images/${image}/json`);
    return true;
  } catch (error) {
    if (error instanceof EngineError && error.httpStatus === 404) return false;
    throw error;
  }
}

/** Null when it is here; else the engine's words, which come in the stream of an answer that began well. */
async function pullImage(
  engine: Engine,
  image: string,
  { signal, dockerConfig }: PullOptions,
): Promise<string | null> {
  const auth = await registryAuth(dockerConfig, image);
  const headers: Record<string, string> = auth === null ? {} : { 'x-registry-auth': auth };
  const path = `/images/create?fromImage=${encodeURIComponent(withTag(image))}`;
  const stream = await engine.stream('POST', path, undefined, { signal, headers });
  let error: string | null = null;
  for await (const line of linesOf(stream)) {
    if (line !== '') error = (JSON.parse(line) as { error?: string }).error ?? error;
  }
  throwIfStopped(signal, `pulling ${image}`);
  return error;
}

/** Without a tag the API would pull all of them. */
function withTag(image: string): string {
  return /[:@][^/]*$/.test(image) ? image : `${image}:latest`;
}

/** What a pull's error means. Pure. */
export function pullState(words: string): 'missing' | 'rate-limit' | 'failed' {
  if (/toomanyrequests|too many requests|rate limit|\b429\b/i.test(words)) return 'rate-limit';
  if (
    /manifest unknown|not found|does not exist|access denied|no such image|name unknown|no matching manifest|invalid reference/i.test(
      words,
    )
  ) {
    return 'missing';
  }
  return 'failed';
}
