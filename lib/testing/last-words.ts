const longest = 500;

/**
 * The line of an output that says best why a program ended: the last one that names an error, else the last one. Node
 * and Python end their reports with lines that say nothing. Pure.
 */
export function lastWords(output: string): string {
  const lines = output
    .slice(-64 * 1024)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^Node\.js v\d/.test(line));
  const named = lines.findLast((line) => /^(E\s+)?(\w+\.)*\w*(Error|Exception)\b.*:/.test(line));
  return (named ?? lines.at(-1) ?? '').slice(0, longest);
}
