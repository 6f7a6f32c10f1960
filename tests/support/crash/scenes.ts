import type { Asked } from '../quick-stage/at-rest.ts';
import { organisation, type QuickSite, stranger } from '../quick-stage/site.ts';

/** What people write before the programs run: pull request (from 0), author, text, and what has to come of it. */
export type Said = readonly [pull: number, author: string, body: string, becomes: Asked['becomes']];

/** One comment. */
export const plain: readonly Said[] = [[0, 'ana', '!testme', 'run']];

/** Two comments on one commit, a refusal, a cancel, help, a part of a run, and ordinary talk. */
export const mixed: readonly Said[] = [
  [0, 'ana', '!testme', 'run'],
  [0, 'ben', '!testme', 'run'],
  [1, stranger, '!testme', 'drop'],
  [2, 'cleo', '!testme', 'any'],
  [2, 'ana', '!cancel', 'any'],
  [3, 'ben', '!help', 'drop'],
  [3, 'ben', 'please look at this', 'none'],
  [4, 'ana', '!testme --quick', 'run'],
];

/** How many pull requests a scene needs. */
export function pullsOf(said: readonly Said[]): number {
  return 1 + Math.max(...said.map(([pull]) => pull));
}

/** Writes the comments of a scene. */
export function say(site: QuickSite, said: readonly Said[]): Asked[] {
  return said.map(([index, author, body, becomes]) => {
    const pull = site.pulls[index]!;
    const { id } = site.forge.comment(organisation, pull.name, pull.number, author, body);
    return { id, pull, becomes };
  });
}
