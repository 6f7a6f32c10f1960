import type { RunContext } from './context.ts';

/** Lines of one hook or command that become records: the first and the last ones. */
const headLines = 300;
const tailLines = 100;

/** Records what a hook or command of a recipe said, line by line; of very much the middle is left out, and said. */
export async function sayOutput(context: RunContext, tool: string, output: string): Promise<void> {
  for (const line of boundedLines(output)) await context.recorder.say(tool, line);
}

/** The lines that are not empty, the middle of too many replaced by their number. Pure. */
export function boundedLines(output: string): string[] {
  const lines = output.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.replace(/\r$/, '')]));
  const leftOut = lines.length - headLines - tailLines;
  if (leftOut <= 0) return lines;
  return [...lines.slice(0, headLines), `… ${leftOut} lines left out …`, ...lines.slice(-tailLines)];
}
