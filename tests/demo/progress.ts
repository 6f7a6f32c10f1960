import { createInterface } from 'node:readline';
import type { AnyRecord } from '@ccci/lib/records/types.ts';

/** Says what a pipeline does while it does it, one line for each stage that ends; gives each recipe's verdict. */
export async function showProgress(
  output: NodeJS.ReadableStream,
  say: (line: string) => void,
): Promise<Map<string, string>> {
  const recipes = new Map<string, string>();
  const verdicts = new Map<string, string>();
  for await (const line of createInterface({ input: output })) {
    const record = JSON.parse(line) as AnyRecord;
    if (typeof record.recipe === 'string') recipes.set(String(record.key), record.recipe);
    const words = wordsOf(record, recipes.get(String(record.key)) ?? '');
    if (words !== null) say(words);
    if (record.type === 'run.finished') {
      verdicts.set(String(record.recipe), `${record.verdict}, level ${record.level}`);
    }
  }
  return verdicts;
}

function wordsOf(record: AnyRecord, recipe: string): string | null {
  const who = recipe.padEnd(18);
  switch (record.type) {
    case 'trigger':
      return `${who} heard: ${String(record.ref).slice(0, 12)}`;
    case 'run.started':
      return `${who} started on ${record.domain}, upgrade from ${record.base ?? 'nothing'}`;
    case 'stage.finished':
      return `${who} ${String(record.stage).padEnd(9)} ${String(record.status).padEnd(6)} ${seconds(record.ms)}  ${record.summary ?? ''}`;
    case 'run.finished':
      return `${who} ${String(record.verdict).toUpperCase()}: ${record.reason}; level ${record.level}`;
    case 'error':
      return `${who} error: ${record.message}`;
    default:
      return null;
  }
}

function seconds(ms: unknown): string {
  return `${(Number(ms) / 1000).toFixed(1)} s`.padStart(7);
}
