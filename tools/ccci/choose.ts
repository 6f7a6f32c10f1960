import type { Program } from '@ccci/lib/program/run.ts';
import { type Command, commands, usage } from './commands.ts';
import { passOn } from './pass-on.ts';
import { unknownCommand } from './programs.ts';

const own: Readonly<Record<string, Command>> = commands;

/** Which program a command line means: a command of ours, help, or another tool of ccci. */
export function choose(words: readonly string[]): Program {
  const [word, ...rest] = words;
  if (word === undefined || word.startsWith('-')) return front(words);
  if (word === 'help') return helpOn(rest[0]);
  if (Object.hasOwn(own, word)) return programOf(word, rest);
  return tool(word, rest);
}

function programOf(word: string, args: readonly string[]): Program {
  return { ...(own[word] as Command), name: word, call: `ccci ${word}`, args };
}

function front(args: readonly string[]): Program {
  return {
    name: 'ccci',
    call: 'ccci',
    description: 'Tests Co-op Cloud recipes on a Docker Swarm',
    usage,
    args,
    flags: {},
    main: (io) => io.output.text(usage),
  };
}

function helpOn(word: string | undefined): Program {
  if (word === undefined) return front([]);
  return Object.hasOwn(own, word) ? programOf(word, ['--help']) : tool(word, ['--help']);
}

/** Its words are not ours to read. */
function tool(word: string, args: readonly string[]): Program {
  return {
    ...front([]),
    main: async (io) => {
      if (!(await passOn(word, args, io))) throw unknownCommand(word, [...Object.keys(own), 'help']);
    },
  };
}
