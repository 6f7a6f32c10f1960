import { setTimeout as sleep } from 'node:timers/promises';
import type { DiskUse } from '../swarm/disk-use.ts';
import type { Ended } from './ended.ts';

export type QuotaOptions = {
  readonly quotaMb: number;
  readonly stack: string;
  readonly look: (signal: AbortSignal) => Promise<readonly DiskUse[]>;
  readonly end: (ended: Ended) => void;
  readonly now: () => number;
  /** Shortest time between two looks. */
  readonly restMs?: number;
};

/** Between two looks, in ms; a look that takes long is followed by a longer rest, so that it costs a twentieth at most. */
const usualRestMs = 3_000;
const restPerLook = 20;
const mebibyte = 1024 * 1024;

/**
 * Watches what a run's volumes and containers hold, and ends the run when that is more than its quota (security.md, row
 * disk and memory). What the engine does not answer is asked again: other watchers tell of an engine that is away.
 */
export function watchQuota(options: QuotaOptions): { readonly stop: () => void } {
  const stopping = new AbortController();
  void watch(options, stopping.signal);
  return { stop: () => stopping.abort() };
}

async function watch(
  { look, end, now, restMs = usualRestMs, ...options }: QuotaOptions,
  signal: AbortSignal,
): Promise<void> {
  let tookMs = 0;
  while (await rest(Math.max(restMs, restPerLook * tookMs), signal)) {
    const startedAt = now();
    const ended = judgeQuota(await look(signal).catch(() => []), options);
    tookMs = now() - startedAt;
    if (ended === null || signal.aborted) continue;
    end(ended);
    return;
  }
}

/** How a run ends whose volumes and containers hold this; null while they may. Pure. */
export function judgeQuota(
  uses: readonly DiskUse[],
  { quotaMb, stack }: Pick<QuotaOptions, 'quotaMb' | 'stack'>,
): Ended | null {
  const bytes = uses.reduce((sum, use) => sum + use.bytes, 0);
  if (bytes <= quotaMb * mebibyte) return null;
  const [largest] = [...uses].sort((one, other) => other.bytes - one.bytes);
  const most = largest === undefined ? '' : `, most of it in ${wordsFor(largest, stack)}`;
  const words = `its volumes and containers hold ${inMb(bytes)} MiB${most}`;
  return {
    verdict: 'over-quota',
    why: `filled the disk: ${words}; ${quotaMb} MiB are allowed (stage.quotaMb)`,
  };
}

function wordsFor({ kind, name, bytes }: DiskUse, stack: string): string {
  const own = name.startsWith(`${stack}_`) ? name.slice(stack.length + 1) : name;
  // A task's container is called `<service>.<slot>.<task>`.
  const short = kind === 'container' ? (own.split('.')[0] ?? own) : own;
  return `${kind === 'container' ? 'a container of ' : 'volume '}${short} (${inMb(bytes)} MiB)`;
}

function inMb(bytes: number): number {
  return Math.round(bytes / mebibyte);
}

async function rest(ms: number, signal: AbortSignal): Promise<boolean> {
  await sleep(ms, undefined, { signal }).catch(() => {});
  return !signal.aborted;
}
