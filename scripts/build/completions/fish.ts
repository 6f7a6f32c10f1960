import { type Flag, flagsOf, takesWord } from './flag.ts';
import { type Called, calledBehind } from './front-door.ts';
import type { CommandLine } from './programs.ts';

/** Completions for fish, a file for each name that can be typed. */
export function fishCompletions(line: CommandLine): Map<string, string> {
  const files = line.programs.map((words): [string, string] => [
    `${words.name}.fish`,
    complete(words.name, ['-f']) +
      flagsOf(words)
        .map((flag) => flagOf(words.name, flag))
        .join(''),
  ]);
  return new Map([...files, ['ccci.fish', frontDoor(calledBehind(line))]]);
}

function frontDoor(all: readonly Called[]): string {
  const isFirst = '__fish_use_subcommand';
  const offered = all.map(({ word, words }) => ({ word, said: words.description }));
  const first = [...offered, { word: 'help', said: 'All options of a command' }];
  return [
    complete('ccci', ['-f']),
    ...first.map(({ word, said }) => complete('ccci', ['-a', word], { when: isFirst, said })),
    complete('ccci', ['-l', 'help'], { when: isFirst, said: 'Print this help and end' }),
    complete('ccci', ['-l', 'version'], { when: isFirst, said: 'Print the version and end' }),
    ...offered.map(({ word, said }) => complete('ccci', ['-a', word], { when: seen('help'), said })),
    ...all.map(behind),
  ].join('');
}

/** What can follow a command; behind `help` it is the command's name that is wanted, not its flags. */
function behind({ word, words }: Called): string {
  const when = `${seen(word)}; and not ${seen('help')}`;
  const flags = flagsOf(words).map((flag) => flagOf('ccci', flag, when));
  return [...flags, takesWord(words) ? complete('ccci', ['-F'], { when }) : ''].join('');
}

function seen(word: string): string {
  return `__fish_seen_subcommand_from ${word}`;
}

function flagOf(name: string, { name: flag, description, value, paths }: Flag, when?: string): string {
  const needs = value === null ? [] : [paths === null ? '-x' : '-rF'];
  return complete(name, ['-l', flag, ...needs], { when, said: description });
}

type Details = { readonly when?: string | undefined; readonly said?: string };

function complete(name: string, words: readonly string[], { when, said }: Details = {}): string {
  const condition = when === undefined ? [] : ['-n', quoted(when)];
  const description = said === undefined ? [] : ['-d', quoted(said)];
  return `${['complete', '-c', name, ...condition, ...words, ...description].join(' ')}\n`;
}

/** In single quotes, as fish reads it. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
