import { type Flag, flagsOf, takesWord } from './flag.ts';
import { type Called, calledBehind } from './front-door.ts';
import type { CommandLine, Words } from './programs.ts';

/** Completions for bash, a file for each name that can be typed. */
export function bashCompletions(line: CommandLine): Map<string, string> {
  const files = line.programs.map((words): [string, string] => [
    words.name,
    file(words.name, `${previous(flagsOf(words))}${choices(words)}`),
  ]);
  return new Map([...files, ['ccci', frontDoor(calledBehind(line))]]);
}

/** Its first word decides: a command, or a tool with the flags that it has alone. */
function frontDoor(all: readonly Called[]): string {
  const names = all.map(({ word }) => word);
  const cases = all.map(
    ({ word, words }) => `    ${word})\n${indent(previous(flagsOf(words)) + choices(words))}    ;;\n`,
  );
  return file(
    'ccci',
    `  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${[...names, 'help', '--help', '--version'].join(' ')}' -- "$cur"))
    return
  fi
  case \${COMP_WORDS[1]} in
    help) ((COMP_CWORD > 2)) || COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$cur")) ;;
${cases.join('')}  esac
`,
  );
}

function file(name: string, body: string): string {
  const called = `_${name.replaceAll('-', '_')}`;
  return `# Made by scripts/build/completions from the flags of ${name}.
${called}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]}
  # bash takes --flag=value for three words.
  if [[ $cur == = ]]; then cur=; elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  COMPREPLY=()
${body}}
complete -F ${called} ${name}
`;
}

/** What stands behind a flag with a value. */
function previous(flags: readonly Flag[]): string {
  const of = (paths: Flag['paths']) =>
    flags.filter((one) => one.value !== null && one.paths === paths).map(({ name }) => `--${name}`);
  const lines = [
    branch(of('files'), named('-f')),
    branch(of('folders'), named('-d')),
    branch(of(null), 'return'),
  ];
  return `  case $before in\n${lines.join('')}  esac\n`;
}

function branch(flags: readonly string[], what: string): string {
  return flags.length === 0 ? '' : `    ${flags.join('|')}) ${what} ;;\n`;
}

function named(kind: string): string {
  return `compopt -o filenames; mapfile -t COMPREPLY < <(compgen ${kind} -- "$cur"); return`;
}

function choices(words: Words): string {
  const flags = flagsOf(words).map(({ name }) => `--${name}`);
  const flagsLine = `COMPREPLY=($(compgen -W '${flags.join(' ')}' -- "$cur"))`;
  if (!takesWord(words)) return `  ${flagsLine}\n`;
  return `  if [[ $cur == -* ]]; then ${flagsLine}; else ${named('-f')}; fi\n`;
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
