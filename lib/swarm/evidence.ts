import { tailOfContainer } from './container-log.ts';
import type { Engine } from './engine.ts';
import { ensureImages, type ImageResult } from './images.ts';
import type { Defect } from './judge.ts';
import type { AddressRange } from './network-words.ts';
import { readRanges } from './ranges.ts';
import type { EngineTask } from './shapes.ts';
import { isImageMissing } from './stuck.ts';

/** What is asked for once something has failed, to say why. */
export type Evidence = {
  readonly isOutOfMemory: boolean;
  /** What the last failed task's healthcheck printed; null where there is none. */
  readonly healthOutput: string | null;
  /** The last line that the service wrote; null where it wrote none. */
  readonly lastLogLine: string | null;
  /** What the registry says about an image that was not there; null where that is not the question. */
  readonly image: ImageResult | null;
  /** The service's networks where addresses are the question: the ones that the recipe made small, else all. */
  readonly networks: readonly AddressRange[];
};

export type EvidenceOptions = {
  readonly lastLogLine?: ((service: string) => string | null) | undefined;
  /** Masks what a service printed, before any of it is cut off. */
  readonly mask?: ((text: string) => string) | undefined;
  readonly signal?: AbortSignal | undefined;
};

/** One more pull is enough to tell a rate limit from a missing image (L62). */
const askRegistryMs = 8_000;

/** Asks the engine about the last task that failed; whatever cannot be found out is left out, never an error. */
export async function gatherEvidence(
  engine: Engine,
  defect: Defect,
  options: EvidenceOptions,
): Promise<Evidence> {
  const task = defect.failed.at(-1);
  const containers = defect.failed
    .slice(-3)
    .reverse()
    .flatMap((one) => one.Status.ContainerStatus?.ContainerID || []);
  const [states, image, networks] = await Promise.all([
    Promise.all(containers.map((container) => readState(engine, container))),
    askForImage(engine, task, options.signal),
    defect.kind === 'no-address' ? readRanges(engine, task) : [],
  ]);
  const { mask = (text: string) => text } = options;
  // The newest check may have been cut off when its container was stopped, and says nothing then.
  const checks = states.flatMap((state) => [...(state?.Health?.Log ?? [])].reverse());
  const outputs = checks.map(({ Output }) => lastLine(mask(Output ?? '')));
  return {
    // The kernel's word can be missing for one of them when the engine is busy.
    isOutOfMemory: states.some((state) => state?.OOMKilled === true),
    healthOutput: outputs.find((output) => output !== null) ?? null,
    // Its own log first: the last line of the service may be that of another task, such as the previous version's.
    lastLogLine:
      (await askForLog(engine, containers[0], mask)) ?? options.lastLogLine?.(defect.view.name) ?? null,
    image,
    networks,
  };
}

async function askForLog(
  engine: Engine,
  container: string | undefined,
  mask: (text: string) => string,
): Promise<string | null> {
  if (container === undefined) return null;
  return lastLine(mask((await tailOfContainer(engine, container, 5)).join('\n')));
}

type ContainerState = { OOMKilled?: boolean; Health?: { Log?: { Output?: string }[] | null } };

async function readState(engine: Engine, container: string): Promise<ContainerState | null> {
  try {
    return (await engine.json<{ State: ContainerState }>('GET', `/containers/${container}/json`)).State;
  } catch {
    return null;
  }
}

async function askForImage(
  engine: Engine,
  task: EngineTask | undefined,
  signal: AbortSignal | undefined,
): Promise<ImageResult | null> {
  const image = task?.Spec.ContainerSpec?.Image;
  if (image === undefined || !isImageMissing(task?.Status.Err)) return null;
  const [result] = await ensureImages(engine, [image], { signal, timeoutMs: askRegistryMs }).catch(() => []);
  return result ?? null;
}

function lastLine(text: string): string | null {
  return (
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .at(-1) ?? null
  );
}
