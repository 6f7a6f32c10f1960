import {
  type CommandsVariable,
  commandScript,
  definesFunction,
  parseCommands,
  type RecipeCommand,
} from '../recipe/commands.ts';
import { execInContainer } from '../swarm/exec.ts';
import { serviceContainers } from '../swarm/tasks.ts';
import { milliseconds, type RunContext } from './context.ts';
import type { Prepared } from './prepare.ts';
import { readInside } from './read-inside.ts';
import type { StageOutcome } from './recorder.ts';
import { sayOutput } from './say-output.ts';

/** A shell's argument is at most 128 KiB on Linux; abra.sh is one. */
const longestScript = 120 * 1024;

/**
 * Runs what the recipe's `.env` wants to be run after a deployment or an upgrade, each command in the container of the
 * service that it names, one after the other, as abra does. Null when all of them ended with 0.
 */
export async function runRecipeCommands(
  context: RunContext,
  prepared: Prepared,
  variable: CommandsVariable,
): Promise<StageOutcome | null> {
  const commands = parseCommands(prepared.env[variable] ?? '');
  if (typeof commands === 'string') return failed(`${variable} in .env.sample: ${commands}`);
  const abra = commands.length === 0 ? '' : ((await readInside(prepared.dir, 'abra.sh')) ?? '');
  for (const command of commands) {
    const problem = await runCommand(context, command, abra);
    if (problem !== null)
      return failed(`${variable}: ${command.name} in ${command.service} failed: ${problem}`);
  }
  return null;
}

/** Null, or why it did not run or did not end well. */
async function runCommand(context: RunContext, command: RecipeCommand, abra: string): Promise<string | null> {
  if (!definesFunction(abra, command.name)) return `abra.sh has no function ${command.name}`;
  const script = commandScript(abra, command, context);
  if (Buffer.byteLength(script) > longestScript) return 'abra.sh is larger than 120 kB';
  const [newest] = await serviceContainers(context.engine, context.stack, command.service);
  if (newest === undefined) return `no container of the service ${command.service} runs`;
  const limit = {
    timeoutMs: milliseconds(context.settings.timeouts.deploy),
    signal: context.signal,
  };
  const hasBash = await execInContainer(context.engine, newest.container, ['test', '-e', '/bin/bash'], limit);
  const shell = hasBash.exitCode === 0 ? '/bin/bash' : '/bin/sh';
  const result = await execInContainer(context.engine, newest.container, [shell, '-c', script], limit);
  const output = `${result.stdout}${result.stderr}`;
  await sayOutput(context, `${command.service} ${command.name}`, output);
  if (result.exitCode === 0) return null;
  if (result.isTimedOut) return `it did not end within ${context.settings.timeouts.deploy} s`;
  const last = context.masker.mask(output.trimEnd().split('\n').at(-1) ?? '');
  return `it ended with ${result.exitCode}${last === '' ? '' : `: "${last}"`}`;
}

function failed(summary: string): StageOutcome {
  return { status: 'fail', cause: 'recipe', summary };
}
