import { type Flag, flagsOf, takesWord } from './flag.ts';
import { type Called, calledBehind } from './front-door.ts';
import type { CommandLine, Words } from './programs.ts';

/** Completions for zsh, a file for each name that can be typed. */
export function zshCompletions(line: CommandLine): Map<string, string> {
  const files = line.programs.map((words): [string, string] => [
    `_${words.name}`,
    `#compdef ${words.name}\n${calledArguments(words)}\n`,
  ]);
  return new Map([...files, ['_ccci', frontDoor(calledBehind(line))]]);
}

function frontDoor(all: readonly Called[]): string {
  const described = all.map(
    ({ word, words }) => `  ${quoted(`${word}:${escapeColon(words.description)}`)}\n`,
  );
  const cases = all.map(({ word, words }) => `  ${word}) ${calledArguments(words)} ;;\n`);
  return `#compdef ccci
local -a names
names=(
${described.join('')}  'help:All options of a command'
)
if ((CURRENT == 2)); then
  if [[ \${words[2]} == -* ]]; then compadd -- --help --version; else _describe command names; fi
  return
fi
local word=\${words[2]}
shift words
((CURRENT--))
case $word in
  help) ((CURRENT > 2)) || _describe command names ;;
${cases.join('')}esac
`;
}

function calledArguments(words: Words): string {
  const specs = [...flagsOf(words).map(spec), ...(takesWord(words) ? ["'1:target:_files'"] : [])];
  return ['_arguments', ...specs].join(' \\\n  ');
}

function spec({ name, description, value, paths }: Flag): string {
  const said = escapeColon(description).replace(/[[\]]/g, '\\$&');
  if (value === null) return quoted(`--${name}[${said}]`);
  const action = paths === 'folders' ? '_files -/' : paths === 'files' ? '_files' : ' ';
  return quoted(`--${name}=[${said}]:${escapeColon(value)}:${action}`);
}

function escapeColon(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll(':', '\\:');
}

/** In single quotes, as zsh reads it. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
