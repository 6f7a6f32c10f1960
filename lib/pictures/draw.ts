import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { cleanPng } from './png.ts';
import type { RenderTask } from './task.ts';

const limitMs = 20_000;

/**
 * Turns an SVG of ours into PNG, in a thread of its own: whatever comes of it, its memory is given back and its time
 * is bounded. An error says what went wrong.
 */
export async function drawSvg(svg: string, folder: string): Promise<Uint8Array> {
  const worker = new Worker(join(folder, 'render.mjs'), {
    workerData: { svg, folder } satisfies RenderTask,
    resourceLimits: { maxOldGenerationSizeMb: 128 },
    env: {},
    execArgv: [],
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const png = await new Promise<Uint8Array>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it ended without a picture')));
      timer = setTimeout(() => reject(new Error(`it took longer than ${limitMs / 1000} s`)), limitMs);
    });
    return cleanPng(png);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
