import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { initWasm, Resvg } from '@resvg/resvg-wasm';
import { fontFamily, type RenderTask } from './task.ts';

// The program of the thread that turns SVG into PNG (`drawSvg`): a library of a megabyte, and fonts, which are gone
// with it. It is built into dist/pictures and runs from there.
const { svg, folder } = workerData as RenderTask;
const fontBuffers = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((name) =>
  Uint8Array.from(readFileSync(join(folder, name))),
);
await initWasm(readFileSync(join(folder, 'resvg.wasm')));
const drawing = new Resvg(svg, {
  font: { fontBuffers, defaultFontFamily: fontFamily, sansSerifFamily: fontFamily },
});
parentPort?.postMessage(drawing.render().asPng());
