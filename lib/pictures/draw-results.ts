import { join } from 'node:path';
import { badge } from '../pages/badge.ts';
import { summaryCard } from '../pages/card.ts';
import { messageOf } from '../program/failure.ts';
import type { Results } from '../records/results.ts';
import { findPictureTools, noPictureTools } from './find.ts';
import { writePicture } from './write.ts';

/** What came of it: the card's file name, or why there is none. */
export type Drawn = { readonly card: string | null; readonly problem: string | null };

export type DrawResults = (
  results: Results,
  into: {
    /** The run's directory. */
    readonly dir: string;
    /** Whether a text holds a secret of the run. */
    readonly finds: (text: string) => boolean;
  },
) => Promise<Drawn>;

/** Writes `badge.svg` and `summary.png` of a run, from its results alone; never throws. */
export const drawResults: DrawResults = async (results, { dir, finds }) => {
  try {
    await writePicture(join(dir, 'badge.svg'), badge(results));
    const svg = summaryCard(results);
    if (finds(svg)) return { card: null, problem: 'it would show a secret' };
    const folder = await findPictureTools();
    if (folder === null) return { card: null, problem: noPictureTools };
    const { drawSvg } = await import('./draw.ts');
    await writePicture(join(dir, 'summary.png'), await drawSvg(svg, folder));
    return { card: 'summary.png', problem: null };
  } catch (error) {
    return { card: null, problem: messageOf(error) };
  }
};
