import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCollector } from '@ccci/lib/pages/collect.ts';
import { commentBody } from '@ccci/lib/pages/comment.ts';

import { commitStatus } from '@ccci/lib/pages/status.ts';
import type { RunView } from '@ccci/lib/pages/view.ts';
import { decode } from '@ccci/lib/records/decode.ts';
import type { Format } from '../../tools/report/render.ts';
import { render } from '../../tools/report/render.ts';

/** What report is configured with: all that may be known besides the records (records.md, rule 6). */
export const settings = { word: '!testme', context: 'ccci/testme', url: 'https://ci.example.org' };

/** Names of the recordings. */
export const recordings: readonly string[] = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

export function readRecording(name: string): string {
  return readFileSync(join(import.meta.dirname, name, 'events.ndjson'), 'utf8');
}

/** All that is made of a recording of one run, by the name of the file that holds what is expected of it. */
export async function outputsOf(recording: string): Promise<Record<string, string>> {
  const view = await viewOf(recording);
  return {
    'comment.md': commentBody({ main: view, earlier: [], waiting: [], notices: [] }, settings),
    'status.json': await statusesOf(recording),
    'text.txt': await rendered('text', recording),
    'summary.txt': await rendered('summary', recording),
    'junit.xml': await rendered('junit', recording),
    'page.txt': readable(await rendered('html', recording)),
  };
}

/** What the records lead to; of several runs, that of the key of the first record. */
export async function viewOf(recording: string): Promise<RunView> {
  const collector = makeCollector();
  let [view, key]: [RunView | null, unknown] = [null, null];
  for await (const { kind, record } of read(recording)) {
    if (kind !== 'record') continue;
    key ??= record.key;
    const added = collector.add(record);
    if (added !== null && added.key === key) view = added;
  }
  if (view === null) throw new Error('a recording of no run');
  return view;
}

/** What the commit says while it is tested, a line each time that it is something else. */
async function statusesOf(recording: string): Promise<string> {
  const collector = makeCollector();
  const lines: string[] = [];
  for await (const { kind, record } of read(recording)) {
    const view = kind === 'record' ? collector.add(record) : null;
    const line = view === null ? undefined : JSON.stringify(commitStatus(view, settings));
    if (line !== undefined && line !== lines.at(-1)) lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

export async function rendered(format: Format, recording: string): Promise<string> {
  const options = { format, settings, colour: false, live: false, onBad: () => {} };
  let text = '';
  for await (const part of render(read(recording), options)) text += part;
  return text;
}

/** A page as its hash, and the words on it: what a person can review. */
function readable(page: string): string {
  const words = page
    .replaceAll(/<(style|script)\b[\s\S]*?<\/\1>/g, '')
    .replaceAll(/<[^>]*>/g, '\n')
    .replaceAll(/\s*\n\s*/g, '\n')
    .trim();
  return `sha256 ${createHash('sha256').update(page).digest('hex')}\n\n${words}\n`;
}

async function* read(recording: string) {
  const bytes = (async function* () {
    yield Buffer.from(recording);
  })();
  yield* decode(bytes, { by: 'test', now: () => new Date() });
}
