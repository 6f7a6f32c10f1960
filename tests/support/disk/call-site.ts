import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../runner/suite.ts';

const enough = 40;

/**
 * The lines of lib and tools that led here, innermost first, `lib/state/files.ts:69 < lib/state/cursors.ts:22`: what
 * tells one use of `writeDurably` from another. Empty when the caller is no code of ours but a test.
 */
export function callSite(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = enough;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const lines = [...stack.matchAll(/(file:\/\/[^\s():]+):(\d+):\d+/g)].map(
    ([, url = '', line]) => `${relative(root, fileURLToPath(url)).replaceAll(sep, '/')}:${line}`,
  );
  const isOurs = (line: string) => /^(lib|tools)\//.test(line);
  return lines.filter((line, index) => isOurs(line) && line !== lines[index - 1]).join(' < ');
}
