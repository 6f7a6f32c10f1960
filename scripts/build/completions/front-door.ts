import type { CommandLine, Words } from './programs.ts';

/** A word behind `ccci`, and what may follow it. */
export type Called = { readonly word: string; readonly words: Words };

/** What the front door does itself, then the tools that it passes on to. */
export function calledBehind({ programs, commands }: CommandLine): readonly Called[] {
  return [
    ...commands.map((words) => ({ word: words.name, words })),
    ...programs.map((words) => ({ word: words.name.slice('ccci-'.length), words })),
  ];
}
