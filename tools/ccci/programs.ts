import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exitStatus, Failure } from '@ccci/lib/program/failure.ts';
import { didYouMean } from '@ccci/lib/program/nearest.ts';
import { findProgram } from '@ccci/lib/testing/programs.ts';

/** Beside the built program; for the code itself, where a build has been made. */
const places = ['./', '../../dist/bin/'].map((place) => fileURLToPath(new URL(place, import.meta.url)));

/** `stage` to the file of `ccci-stage`: beside this program, then on the path; null where there is none. */
export async function findTool(tool: string, path: string | undefined): Promise<string | null> {
  if (!/^[a-z][a-z0-9-]*$/.test(tool)) return null;
  return await findProgram(`ccci-${tool}`, [...places.map(dirless), path ?? ''].join(':'));
}

/** The same where there has to be one. `Failure` 69. */
export async function needTool(tool: string, path: string | undefined): Promise<string> {
  const file = await findTool(tool, path);
  if (file !== null) return file;
  throw new Failure(
    exitStatus.unavailable,
    'no-program',
    `ccci-${tool} is neither beside ccci nor on the PATH`,
    {
      hint: 'install the whole of ccci, not this one file of it',
    },
  );
}

/** `Failure` 64 for a word that is no command, with the nearest that is one; whatever looks like a recipe is tested. */
export function unknownCommand(word: string, commands: readonly string[]): Failure {
  if (/[/.:]/.test(word)) {
    const message = `${JSON.stringify(word)} is no command`;
    return new Failure(exitStatus.usage, 'unknown-command', message, {
      hint: `to test it: ccci test ${word}`,
    });
  }
  const known = [...commands, ...listTools()];
  const message = `unknown command ${JSON.stringify(word)}${didYouMean(word, known)}`;
  return new Failure(exitStatus.usage, 'unknown-command', message, { hint: 'see ccci help' });
}

/** Names of the tools that lie beside this program, sorted. */
export function listTools(): string[] {
  const names = places.flatMap((place) => {
    try {
      return readdirSync(place);
    } catch {
      return [];
    }
  });
  const tools = names.filter((name) => name.startsWith('ccci-')).map((name) => name.slice('ccci-'.length));
  return [...new Set(tools)].sort();
}

function dirless(place: string): string {
  return dirname(join(place, 'x'));
}
