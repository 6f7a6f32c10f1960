import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { comparePaired } from './compare.ts';
import { type Figure, figure } from './figure.ts';

const bin = join(import.meta.dirname, '..', '..', 'dist', 'bin');
const goal = 1.4;
const rounds = 25;

/** How long each program takes to start and end (`--version`), against a Node that does nothing (`node -e 0`). */
export async function* startup(): AsyncGenerator<Figure> {
  for (const name of (await readdir(bin)).sort()) {
    const ours = [process.execPath, join(bin, name), '--version'];
    const peer = [process.execPath, '-e', '0'];
    const times = comparePaired(ours, peer, rounds);
    yield figure({ bench: `startup ${name}`, ...times, unit: 'ms', against: 'node -e 0', goal });
  }
}
