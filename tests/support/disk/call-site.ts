import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../runner/suite.ts';

const enough = 40;
const known = new Map<string, string>();

/**
 * The lines of lib and tools that led here, innermost first, `lib/state/files.ts:69 < lib/state/cursors.ts:22`: what
 * tells one use of `writeDurably` from another. Empty when the caller is no code of ours but a test.
 */
export function callSite(): string {
  const lines = callers()
    .map((frame) => `${fileOf(frame.getFileName() ?? '')}:${frame.getLineNumber()}`)
    .filter((line) => /^(lib|tools)\//.test(line));
  return lines.filter((line, index) => line !== lines[index - 1]).join(' < ');
}

/** As objects: a stack as text costs ten times as much, and a sweep asks for it a million times. */
function callers(): readonly NodeJS.CallSite[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  Error.stackTraceLimit = enough;
  Error.prepareStackTrace = (_, frames) => frames;
  const frames = new Error().stack as unknown as readonly NodeJS.CallSite[];
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = stackTraceLimit;
  return frames;
}

function fileOf(url: string): string {
  const file = known.get(url) ?? relativeFile(url);
  known.set(url, file);
  return file;
}

function relativeFile(url: string): string {
  return url.startsWith('file:') ? relative(root, fileURLToPath(url)).replaceAll(sep, '/') : url;
}
